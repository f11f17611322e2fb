create schema if not exists know;

-- A contact is claimed (inserted) under the customer's lock, before anybody is called or anything is shown: two
-- servers can then never spend the same allowance twice. claimed_version orders it against withdrawals of consent,
-- which a timestamp cannot do.
create table know.contact (
  customer_id bigint not null,
  contact_id uuid not null,
  decision_id uuid,
  direction text not null check (direction in ('inbound', 'outbound')),
  channel text not null,
  placement text,
  issue text,
  action_group text,
  action text,
  treatment text,
  class text not null check (class in ('regulatory', 'service', 'care', 'marketing')),
  communication text not null,
  step int not null default 0 check (step >= 0),
  state text not null check (state in (
    'offered', 'shown', 'clicked', 'accepted', 'refused', 'deferred', 'declined_for_good',
    'claimed', 'sent', 'delivered', 'failed', 'suppressed', 'expired', 'unknown')),
  reason text,
  source text not null default 'clientele',
  claimed_version bigint not null check (claimed_version > 0),
  claimed_at timestamptz not null,
  expires_at timestamptz,
  settled_at timestamptz,
  primary key (customer_id, contact_id),
  unique (customer_id, communication, step, channel),
  check (source <> 'clientele' or (action is not null and treatment is not null and decision_id is not null)),
  check ((state = 'suppressed') <= (reason is not null))
);
comment on table know.contact is 'class: customer | every touch between the bank and a customer, ours or another system''s, from claim to end';
comment on column know.contact.customer_id is 'personal: contact history; retention: 6 years after the relationship ends';
comment on column know.contact.action is 'personal: contact history; retention: 6 years after the relationship ends';
comment on column know.contact.reason is 'personal: contact history; retention: 6 years after the relationship ends';

-- Contact policy reads one customer's last year; nothing else about a contact is needed in the hot path.
create index contact_by_claim on know.contact (customer_id, claimed_at desc)
  include (direction, channel, action_group, action, treatment, class, state);
-- A response arrives with the contact's id alone.
create index contact_by_id on know.contact (contact_id);
create index contact_open on know.contact (expires_at) where state in ('offered', 'claimed');
create index contact_unknown on know.contact (claimed_at) where state = 'unknown';

create table know.response (
  customer_id bigint not null,
  response_id uuid not null,
  contact_id uuid not null,
  kind text not null check (kind in ('impression', 'click', 'accept', 'refuse', 'not_now', 'never')),
  channel text not null,
  idempotency_key text not null,
  digest text not null,
  reason text,
  version bigint not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (customer_id, response_id),
  unique (customer_id, idempotency_key),
  -- Each answer counts once per contact, however many times a page or a queue repeats it.
  unique (customer_id, contact_id, kind),
  foreign key (customer_id, contact_id) references know.contact (customer_id, contact_id)
);
comment on table know.response is 'class: customer | what the customer did with a contact; each kind counts once per contact';
comment on column know.response.customer_id is 'personal: contact history; retention: 6 years after the relationship ends';
comment on column know.response.reason is 'personal: why the customer said no, in a code; retention: 6 years after the relationship ends';
create index response_by_time on know.response (recorded_at);
