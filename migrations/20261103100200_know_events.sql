create schema if not exists know;

-- What happened to or was done by a customer. Only appended: an event is never changed, a correction is a new event.
create table know.event (
  customer_id bigint not null,
  event_id uuid not null,
  -- The customer's version taken when the event was stored: the order in which the bank learned of things, which is not
  -- the order in which they happened.
  version bigint not null,
  source text not null,
  source_event_id text not null,
  type text not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  payload json not null,
  primary key (customer_id, event_id)
);
comment on table know.event is 'class: customer | what happened to or was done by a customer, as it was given';
comment on column know.event.source_event_id is 'personal: service; retention: with the event';
comment on column know.event.payload is 'personal: service; retention: 25 months, then only its aggregates';
-- Events arrive in the order of their receipt, so a few blocks' limits find the recent ones.
create index event_by_receipt on know.event using brin (received_at);

-- Idempotency is global: the same id under another customer is a conflict, not a new event.
create table know.event_key (
  source text not null,
  source_event_id text not null,
  customer_id bigint not null,
  event_id uuid not null,
  -- The first 16 bytes of the SHA-256 of what was said, so that the same id with another body is found.
  digest uuid not null,
  primary key (source, source_event_id)
);
comment on table know.event_key is 'class: look-up | the one event that each (source, id) stands for';
comment on column know.event_key.source_event_id is 'personal: service; retention: with the event';

-- What could not be taken in, whole, with the reason; it can be given again.
create table know.event_quarantine (
  quarantine_id uuid primary key,
  -- Given five times over, one thing is in quarantine once.
  digest uuid not null unique,
  times bigint not null default 1 check (times > 0),
  source text,
  source_event_id text,
  reason text not null,
  place text not null,
  found text not null,
  expected text not null,
  body text not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  settled_at timestamptz,
  settled_as text check (settled_as in ('applied', 'duplicate', 'dropped')),
  check ((settled_at is null) = (settled_as is null))
);
comment on table know.event_quarantine is 'class: look-up | events that could not be taken in, each with its reason';
comment on column know.event_quarantine.source_event_id is 'personal: service; retention: 90 days after it is settled';
comment on column know.event_quarantine.found is 'personal: service; retention: 90 days after it is settled';
comment on column know.event_quarantine.body is 'personal: service; retention: 90 days after it is settled';
create index event_quarantine_open on know.event_quarantine (first_at) where settled_at is null;

-- The counts of each commit of the intake, written with it: given = applied + duplicate + quarantined.
create table know.event_intake (
  intake_id uuid primary key,
  received_at timestamptz not null,
  given bigint not null,
  applied bigint not null,
  duplicate bigint not null,
  quarantined bigint not null,
  check (given = applied + duplicate + quarantined)
);
comment on table know.event_intake is 'class: look-up | how many events each commit took in, and what became of them';
