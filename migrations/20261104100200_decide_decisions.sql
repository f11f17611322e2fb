create schema if not exists decide;

-- One row per decision, with everything that went into it: erased with the customer, replayed from nothing else but
-- this row, the revision and the model it names.
create table decide.decision (
  customer_id     bigint not null,
  -- Carries the customer's bucket, so that a look-up by id alone finds the shard.
  decision_id     uuid not null,
  asked_at        timestamptz not null,
  channel         text not null,
  placement       text,
  reason          text,
  asker           text not null check (asker in ('self', 'guardian', 'attorney', 'executor', 'staff')),
  idempotency_key text,
  request_digest  text,
  revision        text not null,
  engine_version  int not null,
  seed            bigint not null,
  stops_version   bigint not null,
  model_version   text not null,
  profile_version bigint,
  -- The customer's version taken for it: orders the claims against withdrawals and standings.
  claimed_version bigint not null,
  -- Facts, standings, consents, contact history, late feeds, stops, context: the text that was decided on, as it was.
  inputs          json not null,
  -- One byte per action of the revision, in the order of its catalogue; see decide/policies verdict.ts.
  verdicts        bytea not null,
  considered      int not null,
  ranked          json not null,
  -- The actions that won a place, marketing that the control arm did not see included.
  chosen          text[] not null,
  contacts        int not null check (contacts >= 0),
  experiment      text,
  period          text,
  arm             text check (arm in ('control', 'treated')),
  household_id    bigint,
  nothing_because text,
  primary key (customer_id, decision_id),
  check (octet_length(verdicts) = considered),
  check ((contacts = 0) = (nothing_because is not null))
)
-- Inputs of about two kilobytes stand in the row as they are: to compress them would cost more than the decision.
with (toast_tuple_target = 8160);
comment on table decide.decision is 'class: customer | every decision with its inputs, its verdict on every action, and what came of it';
comment on column decide.decision.customer_id is 'personal: decisions; retention: 6 years after the relationship ends';
comment on column decide.decision.inputs is 'personal: decisions; retention: 6 years after the relationship ends';
comment on column decide.decision.ranked is 'personal: decisions; retention: 6 years after the relationship ends';
comment on column decide.decision.chosen is 'personal: decisions; retention: 6 years after the relationship ends';
comment on column decide.decision.reason is 'personal: why the customer was there, in a code; retention: 6 years after the relationship ends';
comment on column decide.decision.household_id is 'personal: experiments; retention: 3 years after the period';
create unique index decision_once on decide.decision (customer_id, idempotency_key) where idempotency_key is not null;
-- A decision is looked up by its id alone, which begins with its time: this index grows at its end only.
create index decision_by_id on decide.decision (decision_id);
