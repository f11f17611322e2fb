-- What all migrations make together. Written by "npm run schema"; a test compares it with the real thing.

create schema decide;
create schema engage;
create schema know;
create schema platform;
create schema trust;
create sequence engage.webhook_fence_seq as bigint start 1 increment 1;
create sequence know.customer_id_seq as bigint start 1 increment 1;
create sequence know.holding_id_seq as bigint start 1 increment 1;
create sequence know.household_id_seq as bigint start 1 increment 1;
create sequence platform.fence_seq as bigint start 1 increment 1;
create table decide.assignment (
  customer_id bigint not null,
  experiment text not null,
  period text not null,
  household_id bigint,
  arm text not null,
  assigned_at timestamp with time zone not null
);
comment on table decide.assignment is 'class: customer | the arm of each customer in each experiment and period';
comment on column decide.assignment.customer_id is 'personal: experiments; retention: 3 years after the period';
comment on column decide.assignment.household_id is 'personal: experiments; retention: 3 years after the period';
create table decide.assignment_exit (
  customer_id bigint not null,
  experiment text not null,
  period text not null,
  reason text not null,
  left_at timestamp with time zone not null
);
comment on table decide.assignment_exit is 'class: customer | who is out of the analysis of an experiment, and why';
comment on column decide.assignment_exit.customer_id is 'personal: experiments; retention: 3 years after the period';
create table decide.decision (
  customer_id bigint not null,
  decision_id uuid not null,
  asked_at timestamp with time zone not null,
  channel text not null,
  placement text,
  reason text,
  asker text not null,
  idempotency_key text,
  request_digest text,
  revision text not null,
  engine_version integer not null,
  seed bigint not null,
  stops_version bigint not null,
  model_version text not null,
  profile_version bigint,
  claimed_version bigint not null,
  inputs text not null,
  verdicts bytea not null,
  considered integer not null,
  ranked json not null,
  chosen text[] not null,
  contacts integer not null,
  experiment text,
  period text,
  arm text,
  household_id bigint,
  nothing_because text
);
comment on table decide.decision is 'class: customer | every decision with its inputs, its verdict on every action, and what came of it';
comment on column decide.decision.customer_id is 'personal: decisions; retention: 6 years after the relationship ends';
comment on column decide.decision.reason is 'personal: why the customer was there, in a code; retention: 6 years after the relationship ends';
comment on column decide.decision.inputs is 'personal: decisions; retention: 6 years after the relationship ends';
comment on column decide.decision.ranked is 'personal: decisions; retention: 6 years after the relationship ends';
comment on column decide.decision.chosen is 'personal: decisions; retention: 6 years after the relationship ends';
comment on column decide.decision.household_id is 'personal: experiments; retention: 3 years after the period';
create table decide.learned (
  customer_id bigint not null,
  contact_id uuid not null,
  kind text not null,
  learned_at timestamp with time zone not null
);
comment on table decide.learned is 'class: customer | which contacts the propensities have counted';
comment on column decide.learned.customer_id is 'personal: contact history; retention: 6 years after the relationship ends';
create table decide.model (
  model_version text not null,
  counts json not null,
  taken_at timestamp with time zone not null
);
comment on table decide.model is 'class: reference | immutable snapshots of the propensities';
create table decide.propensity (
  action text not null,
  treatment text not null,
  channel text not null,
  offered bigint default 0 not null,
  accepted bigint default 0 not null,
  updated_at timestamp with time zone not null
);
comment on table decide.propensity is 'class: reference | offers seen and taken up, per treatment and channel';
create table engage.joint_acceptance (
  customer_id bigint not null,
  contact_id uuid not null,
  accepted_by bigint not null,
  holders integer not null,
  channel text not null,
  version bigint not null,
  accepted_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null
);
comment on table engage.joint_acceptance is 'class: customer | purpose: who of several holders has agreed to an offer that needs them all';
comment on column engage.joint_acceptance.customer_id is 'personal: contact history; retention: 6 years after the relationship ends';
comment on column engage.joint_acceptance.accepted_by is 'personal: contact history; retention: 6 years after the relationship ends';
create table engage.placement_day (
  day date not null,
  placement text not null,
  asks bigint not null,
  filled bigint not null,
  impressions bigint not null,
  clicks bigint not null,
  accepted bigint not null,
  refused bigint not null,
  put_off bigint not null
);
comment on table engage.placement_day is 'class: reference | how often each placement was asked for on a day of the bank, and what customers did; kept 400 days';
create table engage.placement_day_counted (
  day date not null,
  counted_at timestamp with time zone not null
);
comment on table engage.placement_day_counted is 'class: reference | the days of the bank whose placements are counted';
create table engage.webhook (
  webhook_id uuid not null,
  title text not null,
  url text not null,
  types text[] not null,
  state text default 'on'::text not null,
  secret_number integer default 1 not null,
  old_secret_until timestamp with time zone,
  failures integer default 0 not null,
  resumes_at timestamp with time zone,
  made_by text not null,
  made_at timestamp with time zone not null
);
comment on table engage.webhook is 'class: reference | where other systems are told of what happens';
comment on column engage.webhook.made_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
create table engage.webhook_attempt (
  customer_id bigint not null,
  webhook_id uuid not null,
  event_id uuid not null,
  attempt_id uuid not null,
  sent_at timestamp with time zone not null,
  took_ms integer not null,
  status integer,
  reason text,
  answer text
);
comment on table engage.webhook_attempt is 'class: customer | requests to other systems and what they answered; kept as long as the delivery';
comment on column engage.webhook_attempt.customer_id is 'personal: telling the bank''s other systems; retention: 30 days after delivery';
comment on column engage.webhook_attempt.answer is 'personal: telling the bank''s other systems; retention: 30 days after delivery';
create table engage.webhook_delivery (
  customer_id bigint not null,
  webhook_id uuid not null,
  event_id uuid not null,
  sequence bigint generated always as identity not null,
  type text not null,
  body text not null,
  happened_at timestamp with time zone not null,
  state text default 'waiting'::text not null,
  attempts integer default 0 not null,
  due_at timestamp with time zone not null,
  leased_until timestamp with time zone,
  fence bigint default 0 not null,
  last_status integer,
  last_reason text,
  last_at timestamp with time zone
);
comment on table engage.webhook_delivery is 'class: customer | events on their way to other systems, and what became of them; kept 30 days after delivery';
comment on column engage.webhook_delivery.customer_id is 'personal: telling the bank''s other systems; retention: 30 days after delivery';
comment on column engage.webhook_delivery.body is 'personal: telling the bank''s other systems; retention: 30 days after delivery';
create table know.branch (
  branch_code text not null,
  name text not null,
  region text,
  details jsonb default '{}'::jsonb not null,
  source text default 'staff'::text not null
);
comment on table know.branch is 'class: reference | purpose: where the bank is: branches and districts';
create table know.contact (
  customer_id bigint not null,
  contact_id uuid not null,
  decision_id uuid,
  direction text not null,
  channel text not null,
  placement text,
  issue text,
  action_group text,
  action text,
  treatment text,
  class text not null,
  communication text not null,
  step integer default 0 not null,
  state text not null,
  reason text,
  source text default 'clientele'::text not null,
  claimed_version bigint not null,
  claimed_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  settled_at timestamp with time zone
);
comment on table know.contact is 'class: customer | every touch between the bank and a customer, ours or another system''s, from claim to end';
comment on column know.contact.customer_id is 'personal: contact history; retention: 6 years after the relationship ends';
comment on column know.contact.action is 'personal: contact history; retention: 6 years after the relationship ends';
comment on column know.contact.reason is 'personal: contact history; retention: 6 years after the relationship ends';
create table know.customer (
  customer_id bigint not null,
  kind text default 'person'::text not null,
  stage text default 'customer'::text not null,
  given_name text,
  family_name text,
  full_name text,
  birth_on date,
  sex text,
  email text,
  phone text,
  address_line text,
  city text,
  postcode text,
  country text,
  language text,
  household_id bigint,
  branch_code text,
  team_code text,
  portfolio_code text,
  since_on date,
  left_on date,
  source text default 'staff'::text not null,
  known_on date,
  version bigint default 1 not null,
  updated_at timestamp with time zone default now() not null
);
comment on table know.customer is 'class: customer | purpose: who the bank''s customers, prospects and linked businesses are';
comment on column know.customer.customer_id is 'personal: identity; retention: 10 years after left_on';
comment on column know.customer.given_name is 'personal: identity; retention: 10 years after left_on';
comment on column know.customer.family_name is 'personal: identity; retention: 10 years after left_on';
comment on column know.customer.full_name is 'personal: identity; retention: 10 years after left_on';
comment on column know.customer.birth_on is 'personal: identity and age rules; retention: 10 years after left_on';
comment on column know.customer.sex is 'personal: identity, never a feature; retention: 10 years after left_on';
comment on column know.customer.email is 'personal: contact; retention: 10 years after left_on';
comment on column know.customer.phone is 'personal: contact; retention: 10 years after left_on';
comment on column know.customer.address_line is 'personal: contact; retention: 10 years after left_on';
comment on column know.customer.city is 'personal: contact; retention: 10 years after left_on';
comment on column know.customer.postcode is 'personal: contact; retention: 10 years after left_on';
comment on column know.customer.country is 'personal: contact; retention: 10 years after left_on';
comment on column know.customer.language is 'personal: contact; retention: 10 years after left_on';
comment on column know.customer.household_id is 'personal: one letter per household; retention: 10 years after left_on';
create table know.customer_key (
  source text not null,
  external_id text not null,
  customer_id bigint not null
);
comment on table know.customer_key is 'class: look-up | purpose: a source''s own id of a person or business, to our customer';
comment on column know.customer_key.external_id is 'personal: identity; retention: as know.customer';
comment on column know.customer_key.customer_id is 'personal: identity; retention: as know.customer';
create table know.event (
  customer_id bigint not null,
  event_id uuid not null,
  version bigint not null,
  source text not null,
  source_event_id text not null,
  type text not null,
  occurred_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  payload json not null
);
comment on table know.event is 'class: customer | what happened to or was done by a customer, as it was given';
comment on column know.event.source_event_id is 'personal: service; retention: with the event';
comment on column know.event.payload is 'personal: service; retention: 25 months, then only its aggregates';
create table know.event_intake (
  intake_id uuid not null,
  received_at timestamp with time zone not null,
  given bigint not null,
  applied bigint not null,
  duplicate bigint not null,
  quarantined bigint not null
);
comment on table know.event_intake is 'class: look-up | how many events each commit took in, and what became of them';
create table know.event_key (
  source text not null,
  source_event_id text not null,
  customer_id bigint not null,
  event_id uuid not null,
  digest uuid not null
);
comment on table know.event_key is 'class: look-up | the one event that each (source, id) stands for';
comment on column know.event_key.source_event_id is 'personal: service; retention: with the event';
create table know.event_quarantine (
  quarantine_id uuid not null,
  digest uuid not null,
  times bigint default 1 not null,
  source text,
  source_event_id text,
  reason text not null,
  place text not null,
  found text not null,
  expected text not null,
  body text not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  settled_as text
);
comment on table know.event_quarantine is 'class: look-up | events that could not be taken in, each with its reason';
comment on column know.event_quarantine.source_event_id is 'personal: service; retention: 90 days after it is settled';
comment on column know.event_quarantine.found is 'personal: service; retention: 90 days after it is settled';
comment on column know.event_quarantine.body is 'personal: service; retention: 90 days after it is settled';
create table know.external_contact_key (
  source text not null,
  source_contact_id text not null,
  customer_id bigint not null,
  contact_id uuid not null
);
comment on table know.external_contact_key is 'class: look-up | the one contact that each (source, id) of another system stands for';
comment on column know.external_contact_key.source_contact_id is 'personal: service; retention: with the contact';
create table know.feed (
  feed_id bigint generated always as identity not null,
  source text not null,
  revision text not null,
  business_on date not null,
  file_name text not null,
  file_sha256 text not null,
  file_bytes bigint not null,
  state text not null,
  refused_because text,
  as_of date,
  due_at timestamp with time zone,
  rows_read bigint default 0 not null,
  rows_applied bigint default 0 not null,
  rows_duplicate bigint default 0 not null,
  rows_quarantined bigint default 0 not null,
  control_rows bigint,
  control_sum_minor bigint,
  found_sum_minor bigint,
  given_by text not null,
  given_at timestamp with time zone not null,
  settled_at timestamp with time zone
);
comment on table know.feed is 'class: reference | purpose: every file given, its control totals and what became of its rows';
comment on column know.feed.given_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
create table know.feed_row_quarantine (
  feed_id bigint not null,
  line bigint not null,
  reason text not null,
  field text,
  found text,
  expected text,
  raw text not null,
  settled_at timestamp with time zone
);
comment on table know.feed_row_quarantine is 'class: reference | purpose: rows that could not be applied, kept with their reason until they can be given again';
comment on column know.feed_row_quarantine.found is 'personal: as the source; retention: 90 days after settled_at';
comment on column know.feed_row_quarantine.raw is 'personal: as the source; retention: 90 days after settled_at';
create table know.feed_step (
  feed_id bigint not null,
  step text not null,
  facts jsonb default '{}'::jsonb not null,
  done_at timestamp with time zone default now() not null
);
comment on table know.feed_step is 'class: reference | purpose: how far a feed has been applied';
create table know.holding (
  customer_id bigint not null,
  holding_id bigint not null,
  product text not null,
  number text,
  status text default 'open'::text not null,
  opened_on date,
  closed_on date,
  currency text not null,
  balance_minor bigint,
  balance_on date,
  limit_minor bigint,
  rate_bp integer,
  term_months integer,
  instalment_minor bigint,
  matures_on date,
  arrears_since_on date,
  details jsonb default '{}'::jsonb not null,
  source text default 'staff'::text not null,
  known_on date,
  updated_at timestamp with time zone default now() not null
);
comment on table know.holding is 'class: customer | purpose: what customers hold: accounts, savings, loans, cards, cover; kept under its first owner';
comment on column know.holding.customer_id is 'personal: identity; retention: 10 years after closed_on';
comment on column know.holding.number is 'personal: identity; retention: 10 years after closed_on';
comment on column know.holding.balance_minor is 'personal: finances; retention: 10 years after closed_on';
comment on column know.holding.balance_on is 'personal: finances; retention: 10 years after closed_on';
comment on column know.holding.limit_minor is 'personal: finances; retention: 10 years after closed_on';
comment on column know.holding.rate_bp is 'personal: finances; retention: 10 years after closed_on';
comment on column know.holding.term_months is 'personal: finances; retention: 10 years after closed_on';
comment on column know.holding.instalment_minor is 'personal: finances; retention: 10 years after closed_on';
comment on column know.holding.arrears_since_on is 'personal: finances; retention: 10 years after closed_on';
comment on column know.holding.details is 'personal: finances; retention: 10 years after closed_on';
create table know.holding_key (
  source text not null,
  external_id text not null,
  customer_id bigint not null,
  holding_id bigint not null
);
comment on table know.holding_key is 'class: look-up | purpose: a source''s own id of a holding, to ours and its first owner';
comment on column know.holding_key.external_id is 'personal: identity; retention: as know.holding';
comment on column know.holding_key.customer_id is 'personal: identity; retention: as know.holding';
create table know.holding_role (
  customer_id bigint not null,
  holding_id bigint not null,
  role text not null,
  authority text not null,
  share_bp integer default 0 not null,
  from_on date not null,
  to_on date,
  holder_customer_id bigint not null,
  source text default 'staff'::text not null
);
comment on table know.holding_role is 'class: customer | purpose: who may do what with a holding, since when and until when';
comment on column know.holding_role.customer_id is 'personal: authority; retention: 10 years after to_on';
comment on column know.holding_role.holder_customer_id is 'personal: authority; retention: 10 years after to_on';
create table know.horizon (
  one boolean default true not null,
  as_of date not null,
  set_by text not null,
  set_at timestamp with time zone not null
);
comment on table know.horizon is 'class: reference | purpose: the date after which nothing is visible; no row: today';
comment on column know.horizon.set_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
create table know.household (
  household_id bigint not null,
  since_on date,
  source text default 'staff'::text not null
);
comment on table know.household is 'class: reference | purpose: people who share a home: one letter each, one arm of an experiment';
create table know.household_key (
  source text not null,
  external_id text not null,
  household_id bigint not null
);
comment on table know.household_key is 'class: look-up | purpose: a source''s own id of a household, to ours';
comment on column know.household_key.external_id is 'personal: identity; retention: as know.customer';
create table know.kept_figure (
  figure text not null,
  counted_of text not null,
  found json not null,
  counted_at timestamp with time zone not null
);
comment on table know.kept_figure is 'class: reference | figures over the whole base, each of one state of it';
create table know.living (
  customer_id bigint not null,
  generation integer not null,
  facts json not null
) partition by LIST (generation);
comment on table know.living is 'class: customer | what is live about each customer on one day, ready to be read; one row per customer and generation';
comment on column know.living.facts is 'personal: service; retention: replaced at every computation';
create table know.living_change (
  customer_id bigint not null,
  xact xid8 default pg_current_xact_id() not null
);
comment on table know.living_change is 'class: customer | whose live facts changed after they were put ready, and by which transaction';
create table know.profile (
  customer_id bigint not null,
  generation integer not null,
  version bigint not null,
  as_of date not null,
  updated_at timestamp with time zone not null,
  facts json not null
) partition by LIST (generation);
comment on table know.profile is 'class: customer | the attribute values computed over what happened, one row per customer and generation';
comment on column know.profile.facts is 'personal: service; retention: replaced at every computation';
create table know.profile_set (
  generation integer generated always as identity not null,
  attributes_hash text not null,
  as_of date not null,
  stored json not null,
  state text not null,
  current boolean default false not null,
  started_at timestamp with time zone not null,
  ready_at timestamp with time zone,
  customers bigint,
  living_on date,
  living_snapshot pg_snapshot
);
comment on table know.profile_set is 'class: reference | each computation of the attributes over everybody';
create table know.relation (
  customer_id bigint not null,
  other_customer_id bigint not null,
  relation text not null,
  from_on date not null,
  to_on date,
  source text default 'staff'::text not null
);
comment on table know.relation is 'class: customer | purpose: who belongs to whom: partners, parents, attorneys, directors and their businesses';
comment on column know.relation.customer_id is 'personal: relations; retention: 10 years after to_on';
comment on column know.relation.other_customer_id is 'personal: relations; retention: 10 years after to_on';
create table know.response (
  customer_id bigint not null,
  response_id uuid not null,
  contact_id uuid not null,
  kind text not null,
  channel text not null,
  idempotency_key text not null,
  digest text not null,
  reason text,
  version bigint not null,
  occurred_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null
);
comment on table know.response is 'class: customer | what the customer did with a contact; each kind counts once per contact';
comment on column know.response.customer_id is 'personal: contact history; retention: 6 years after the relationship ends';
comment on column know.response.reason is 'personal: why the customer said no, in a code; retention: 6 years after the relationship ends';
create table know.running (
  customer_id bigint not null,
  generation integer not null,
  version bigint not null,
  buckets json not null
);
comment on table know.running is 'class: customer | daily buckets of the attributes of customers to whom something just happened';
comment on column know.running.buckets is 'personal: service; retention: replaced at every computation';
create table know.standing (
  customer_id bigint not null,
  standing_id uuid not null,
  standing text not null,
  effect text not null,
  from_on date not null,
  to_on date,
  reason text not null,
  source text not null,
  noted_by text not null,
  noted_at timestamp with time zone not null,
  ended_by text,
  ended_at timestamp with time zone,
  end_reason text,
  noted_version bigint
);
comment on table know.standing is 'class: customer | purpose: what is so about a customer, since when, and what it stops';
comment on column know.standing.customer_id is 'personal: protection; retention: 10 years after to_on';
comment on column know.standing.standing is 'personal: protection, restricted; retention: 10 years after to_on';
comment on column know.standing.reason is 'personal: protection, restricted; retention: 10 years after to_on';
comment on column know.standing.noted_by is 'personal: accountability of staff; retention: as long as the standing';
comment on column know.standing.ended_by is 'personal: accountability of staff; retention: as long as the standing';
comment on column know.standing.end_reason is 'personal: protection, restricted; retention: 10 years after to_on';
create table platform.idempotency (
  actor_id text not null,
  route text not null,
  key text not null,
  digest text not null,
  answer jsonb,
  taken_at timestamp with time zone default clock_timestamp() not null
);
comment on table platform.idempotency is 'class: look-up | answers to keyed requests, so that a repeated call gets the first answer; kept 7 days';
comment on column platform.idempotency.answer is 'personal: repeating an answer that was lost on the way; retention: 7 days';
create table platform.job (
  job_id uuid not null,
  name text not null,
  key text not null,
  payload jsonb not null,
  state text default 'waiting'::text not null,
  progress jsonb,
  result jsonb,
  attempts integer default 0 not null,
  attempts_max integer default 5 not null,
  due_at timestamp with time zone default clock_timestamp() not null,
  leased_until timestamp with time zone,
  fence bigint default 0 not null,
  error text,
  cancel_asked_at timestamp with time zone,
  created_at timestamp with time zone default clock_timestamp() not null,
  ended_at timestamp with time zone
);
comment on table platform.job is 'class: local | work that outlives a request';
comment on column platform.job.payload is 'personal: naming whom the work is about, by id; retention: 30 days after its end';
comment on column platform.job.error is 'personal: finding the fault, may quote a value; retention: 30 days after its end';
create table platform.job_schedule (
  name text not null,
  slot text not null
);
comment on table platform.job_schedule is 'class: local | the last slot of each schedule that became a job';
create table platform.migration (
  store text not null,
  name text not null,
  digest text not null,
  applied_at timestamp with time zone default clock_timestamp() not null
);
comment on table platform.migration is 'class: local | what brought the stores to their present form';
create table platform.outbox (
  customer_id bigint not null,
  version bigint not null,
  sequence bigint generated always as identity not null,
  type text not null,
  payload jsonb not null,
  done text[] default '{}'::text[] not null,
  only_for text
);
comment on table platform.outbox is 'class: customer | messages on their way, gone once handled';
comment on column platform.outbox.payload is 'personal: telling other modules what happened; retention: until handled, seconds as a rule';
create table platform.outbox_turn (
  customer_id bigint not null,
  through bigint not null,
  due_at timestamp with time zone default clock_timestamp() not null,
  fence bigint default 0 not null,
  attempts integer default 0 not null
);
comment on table platform.outbox_turn is 'class: customer | customers with messages on the way, and who is delivering them';
create table platform.restored (
  restored_at timestamp with time zone default clock_timestamp() not null,
  taken_at timestamp with time zone not null,
  reconciled_at timestamp with time zone
);
comment on table platform.restored is 'class: local | copies that were brought back, and whether providers were asked what they had sent since';
create table platform.set_aside (
  customer_id bigint not null,
  version bigint not null,
  sequence bigint not null,
  subscription text not null,
  type text not null,
  payload jsonb not null,
  attempts integer not null,
  reason text not null,
  set_aside_at timestamp with time zone default clock_timestamp() not null
);
comment on table platform.set_aside is 'class: customer | messages a subscription could not handle, with the reason';
comment on column platform.set_aside.payload is 'personal: giving the message again; retention: until given again or erased';
comment on column platform.set_aside.reason is 'personal: finding the fault, may quote a value; retention: until given again or erased';
create table platform.stream (
  customer_id bigint not null,
  version bigint not null
);
comment on table platform.stream is 'class: customer | the version that orders everything that happens to a customer';
create table trust.activation (
  sequence bigint not null,
  revision text not null,
  approval_id uuid,
  activated_by text not null,
  activated_at timestamp with time zone not null
);
comment on table trust.activation is 'class: reference | which revision runs, and ran, in order';
comment on column trust.activation.activated_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
create table trust.api_key (
  key_id uuid not null,
  prefix text not null,
  digest text not null,
  title text not null,
  permissions text[] not null,
  scope jsonb not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  expires_at timestamp with time zone not null
);
comment on table trust.api_key is 'class: look-up | keys of other systems';
comment on column trust.api_key.created_by is 'personal: accountability of staff; retention: employment and 2 years';
create table trust.api_key_revocation (
  key_id uuid not null,
  revoked_at timestamp with time zone not null,
  revoked_by text not null,
  reason text not null
);
comment on table trust.api_key_revocation is 'class: look-up | keys that no longer open anything';
comment on column trust.api_key_revocation.revoked_by is 'personal: accountability of staff; retention: employment and 2 years';
create table trust.approval (
  approval_id uuid not null,
  draft_id uuid not null,
  revision text not null,
  onto_sequence bigint not null,
  made_by text not null,
  approved_by text not null,
  approved_at timestamp with time zone not null,
  note text default ''::text not null
);
comment on table trust.approval is 'class: reference | a second person''s word for exactly one revision';
comment on column trust.approval.made_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
comment on column trust.approval.approved_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
create table trust.audit_anchor (
  anchor_id bigint generated always as identity not null,
  at timestamp with time zone not null,
  heads jsonb not null,
  signature text not null
);
comment on table trust.audit_anchor is 'class: local | signed heads of the chains of the audit';
create table trust.audit_entry (
  chain integer not null,
  sequence bigint not null,
  at timestamp with time zone not null,
  actor_kind text not null,
  actor_id text not null,
  action text not null,
  customers text[] not null,
  subject text,
  reason text,
  facts jsonb not null,
  hash bytea not null
);
comment on table trust.audit_entry is 'class: local | who did or saw what and when, append-only: ids and salted digests only';
create table trust.audit_head (
  chain integer not null,
  sequence bigint default 0 not null,
  hash bytea not null
);
comment on table trust.audit_head is 'class: local | the last row of each chain of the audit';
create table trust.audit_note (
  customer_id bigint not null,
  chain integer not null,
  sequence bigint not null,
  reason text not null
);
comment on table trust.audit_note is 'class: customer | the words of a reason, whose digest the audit holds';
comment on column trust.audit_note.reason is 'personal: why a record was opened or changed; retention: until the customer is erased';
create table trust.audit_salt (
  customer_id bigint not null,
  salt bytea not null
);
comment on table trust.audit_salt is 'class: customer | salts of a customer in the audit; erasing them makes their entries anonymous';
comment on column trust.audit_salt.salt is 'personal: finding who saw a customer; retention: until the customer is erased';
create table trust.bank_key (
  name text not null,
  key bytea not null
);
comment on table trust.bank_key is 'class: reference | secret keys of this bank for keyed digests; never leave the database and its backups';
create table trust.consent (
  customer_id bigint not null,
  version bigint not null,
  marketing text,
  email text,
  sms text,
  push text,
  call text,
  post text,
  profiling text,
  payment_data text,
  ends_on date,
  recorded_at timestamp with time zone not null
);
comment on table trust.consent is 'class: customer | what each customer agrees to now';
comment on column trust.consent.customer_id is 'personal: consent; retention: 6 years after the customer left';
comment on column trust.consent.email is 'not personal: a state of consent, not an address';
comment on column trust.consent.ends_on is 'personal: consent of minors; retention: until the eighteenth birthday';
create table trust.consent_record (
  customer_id bigint not null,
  version bigint not null,
  purpose text not null,
  channel text not null,
  state text not null,
  evidence jsonb not null,
  ends_on date,
  recorded_by text not null,
  recorded_at timestamp with time zone not null
);
comment on table trust.consent_record is 'class: customer | every consent given, withdrawn or objected to, with its evidence; append-only';
comment on column trust.consent_record.customer_id is 'personal: proof of consent; retention: 6 years after the customer left';
comment on column trust.consent_record.evidence is 'personal: proof of consent; retention: 6 years after the customer left';
comment on column trust.consent_record.ends_on is 'personal: proof of consent; retention: 6 years after the customer left';
comment on column trust.consent_record.recorded_by is 'personal: accountability of staff; retention: 6 years after the customer left';
create table trust.document (
  hash text not null,
  kind text not null,
  id text not null,
  canonical text not null,
  body jsonb generated always as ((canonical)::jsonb) stored not null,
  text text not null
);
comment on table trust.document is 'class: reference | every version of every playbook document, by content';
create table trust.draft (
  draft_id uuid not null,
  title text not null,
  reason text not null,
  base text,
  undoes bigint,
  made_by text not null,
  made_at timestamp with time zone not null
);
comment on table trust.draft is 'class: reference | changes to the playbook that somebody is making';
comment on column trust.draft.made_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
create table trust.draft_author (
  draft_id uuid not null,
  author text not null,
  since timestamp with time zone not null
);
comment on table trust.draft_author is 'class: reference | everybody who ever wrote into a draft, also what was overwritten since: none of them approves it';
comment on column trust.draft_author.author is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
create table trust.draft_document (
  draft_id uuid not null,
  kind text not null,
  id text not null,
  document text,
  changed_by text not null,
  changed_at timestamp with time zone not null
);
comment on table trust.draft_document is 'class: reference | the documents a draft writes or removes';
comment on column trust.draft_document.changed_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
create table trust.draft_withdrawal (
  draft_id uuid not null,
  withdrawn_by text not null,
  withdrawn_at timestamp with time zone not null,
  reason text not null
);
comment on table trust.draft_withdrawal is 'class: reference | drafts given up, and why';
comment on column trust.draft_withdrawal.withdrawn_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
create table trust.item (
  item_number bigint generated always as identity not null,
  kind text not null,
  id text not null,
  registered_at timestamp with time zone not null
);
comment on table trust.item is 'class: reference | every id that a playbook ever used, and the number other tables point at; append-only';
create table trust.outside_identity (
  issuer text not null,
  subject text not null,
  person_id uuid not null,
  linked_at timestamp with time zone not null
);
comment on table trust.outside_identity is 'class: reference | people as the bank''s identity provider knows them';
comment on column trust.outside_identity.subject is 'personal: recognising a person at sign-in; retention: employment and 2 years';
create table trust.password (
  person_id uuid not null,
  hash text not null,
  must_change boolean not null,
  set_at timestamp with time zone not null
);
comment on table trust.password is 'class: reference | argon2id hashes of local passwords';
create table trust.person (
  person_id uuid not null,
  login text not null,
  name text not null,
  customer_id bigint,
  created_at timestamp with time zone not null,
  created_by text not null
);
comment on table trust.person is 'class: reference | people of the bank who may sign in';
comment on column trust.person.login is 'personal: signing in; retention: employment and 2 years';
comment on column trust.person.name is 'personal: showing colleagues who did what; retention: employment and 2 years';
comment on column trust.person.customer_id is 'personal: keeping staff from their own record; retention: employment and 2 years';
comment on column trust.person.created_by is 'personal: accountability of staff; retention: employment and 2 years';
create table trust.person_closure (
  person_id uuid not null,
  closed_at timestamp with time zone not null,
  closed_by text not null,
  reason text not null
);
comment on table trust.person_closure is 'class: reference | people who may no longer sign in';
comment on column trust.person_closure.closed_by is 'personal: accountability of staff; retention: employment and 2 years';
comment on column trust.person_closure.reason is 'personal: accountability of staff; retention: employment and 2 years';
create table trust.person_role (
  person_id uuid not null,
  role text not null,
  granted_at timestamp with time zone not null,
  granted_by text not null
);
comment on table trust.person_role is 'class: reference | roles of people';
comment on column trust.person_role.granted_by is 'personal: accountability of staff; retention: employment and 2 years';
create table trust.person_scope (
  person_id uuid not null,
  kind text not null,
  code text not null,
  granted_at timestamp with time zone not null,
  granted_by text not null
);
comment on table trust.person_scope is 'class: reference | branches, teams and portfolios that people answer for';
comment on column trust.person_scope.granted_by is 'personal: accountability of staff; retention: employment and 2 years';
create table trust.preparation (
  revision text not null,
  server_id uuid not null,
  state text not null,
  reason text default ''::text not null,
  prepared_at timestamp with time zone default clock_timestamp() not null
);
comment on table trust.preparation is 'class: local | what each server said when it made a revision ready';
create table trust.restart (
  restart_id uuid not null,
  stop_id uuid not null,
  reason text not null,
  proposed_by text not null,
  proposed_at timestamp with time zone not null
);
comment on table trust.restart is 'class: reference | somebody asks that what was stopped may start again';
comment on column trust.restart.proposed_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
create table trust.restart_confirmation (
  stop_id uuid not null,
  restart_id uuid not null,
  proposed_by text not null,
  confirmed_by text not null,
  confirmed_at timestamp with time zone not null
);
comment on table trust.restart_confirmation is 'class: reference | a second person agrees: from here on the stop is over';
comment on column trust.restart_confirmation.proposed_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
comment on column trust.restart_confirmation.confirmed_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
create table trust.review_request (
  draft_id uuid not null,
  requested_by text not null,
  requested_at timestamp with time zone not null,
  note text not null
);
comment on table trust.review_request is 'class: reference | drafts whose authors ask for a review';
comment on column trust.review_request.requested_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
create table trust.revision (
  hash text not null,
  documents integer not null,
  made_at timestamp with time zone not null
);
comment on table trust.revision is 'class: reference | immutable sets of playbook documents, by content';
create table trust.revision_document (
  revision text not null,
  kind text not null,
  id text not null,
  document text not null
);
comment on table trust.revision_document is 'class: reference | which documents a revision is made of';
create table trust.seal (
  customer_id bigint not null,
  kind text not null,
  reason text not null,
  sealed_at timestamp with time zone not null,
  sealed_by text not null
);
comment on table trust.seal is 'class: customer | records that only some may open, with a reason';
comment on column trust.seal.kind is 'personal: keeping the record from those who need not see it; retention: as the customer''s record';
comment on column trust.seal.reason is 'personal: why the record is sealed; retention: as the customer''s record';
comment on column trust.seal.sealed_by is 'personal: accountability of staff; retention: employment and 2 years';
create table trust.server (
  server_id uuid not null,
  name text not null,
  started_at timestamp with time zone default clock_timestamp() not null,
  seen_at timestamp with time zone default clock_timestamp() not null,
  sequence bigint default 0 not null
);
comment on table trust.server is 'class: local | servers that run now, by heartbeat';
create table trust.session (
  session_digest text not null,
  person_id uuid not null,
  begun_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_why text
);
comment on table trust.session is 'class: look-up | signed-in people; only digests of the secrets they hold';
create table trust.sign_in_failure (
  login_digest text not null,
  failures integer not null,
  locked_until timestamp with time zone,
  last_at timestamp with time zone not null
);
comment on table trust.sign_in_failure is 'class: look-up | failed sign-ins, and until when the next is refused';
create table trust.sign_in_started (
  state_digest text not null,
  verifier text not null,
  nonce text not null,
  browser_digest text not null,
  started_at timestamp with time zone not null
);
comment on table trust.sign_in_started is 'class: look-up | sign-ins on their way to the identity provider';
create table trust.stop (
  stop_id uuid not null,
  scope text not null,
  target text not null,
  reason text not null,
  stopped_by text not null,
  stopped_at timestamp with time zone not null
);
comment on table trust.stop is 'class: reference | emergency stops: who, when, why';
comment on column trust.stop.stopped_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
create table trust.stops_version (
  one boolean default true not null,
  version bigint not null
);
comment on table trust.stops_version is 'class: reference | the version of the stops in force';
create table trust.suppression (
  medium text not null,
  address_digest bytea not null,
  evidence jsonb not null,
  suppressed_by text not null,
  suppressed_at timestamp with time zone not null
);
comment on table trust.suppression is 'class: look-up | addresses that are never to be used again, as keyed digests';
comment on column trust.suppression.address_digest is 'personal: keeping an opt-out; retention: for ever, as a keyed digest';
comment on column trust.suppression.evidence is 'personal: proof of the opt-out; retention: for ever, without the address';
comment on column trust.suppression.suppressed_by is 'personal: accountability of staff; retention: for ever';
create table trust.view (
  view_id uuid not null,
  person_id uuid not null,
  page text not null,
  name text not null,
  state text not null,
  shared_with text,
  saved_at timestamp with time zone not null
);
comment on table trust.view is 'class: look-up | pages as people saved them, for themselves or a role';
comment on column trust.view.person_id is 'personal: convenience of staff; retention: until the person removes it or leaves';
comment on column trust.view.state is 'personal: convenience of staff; retention: until the person removes it or leaves';
alter table decide.assignment add constraint assignment_arm_check CHECK ((arm = ANY (ARRAY['control'::text, 'treated'::text])));
alter table decide.assignment add constraint assignment_pkey PRIMARY KEY (customer_id, experiment, period);
alter table decide.assignment_exit add constraint assignment_exit_customer_id_experiment_period_fkey FOREIGN KEY (customer_id, experiment, period) REFERENCES decide.assignment(customer_id, experiment, period);
alter table decide.assignment_exit add constraint assignment_exit_pkey PRIMARY KEY (customer_id, experiment, period);
alter table decide.assignment_exit add constraint assignment_exit_reason_check CHECK ((reason = ANY (ARRAY['household_of_two_arms'::text, 'merged_with_other_arm'::text])));
alter table decide.decision add constraint decision_arm_check CHECK ((arm = ANY (ARRAY['control'::text, 'treated'::text])));
alter table decide.decision add constraint decision_asker_check CHECK ((asker = ANY (ARRAY['self'::text, 'guardian'::text, 'attorney'::text, 'executor'::text, 'staff'::text])));
alter table decide.decision add constraint decision_check CHECK ((octet_length(verdicts) = considered));
alter table decide.decision add constraint decision_check1 CHECK (((contacts = 0) = (nothing_because IS NOT NULL)));
alter table decide.decision add constraint decision_contacts_check CHECK ((contacts >= 0));
alter table decide.decision add constraint decision_pkey PRIMARY KEY (customer_id, decision_id);
alter table decide.learned add constraint learned_kind_check CHECK ((kind = ANY (ARRAY['offered'::text, 'accepted'::text, 'realised'::text, 'unrealised'::text])));
alter table decide.learned add constraint learned_pkey PRIMARY KEY (customer_id, contact_id, kind);
alter table decide.model add constraint model_model_version_check CHECK ((length(model_version) = 32));
alter table decide.model add constraint model_pkey PRIMARY KEY (model_version);
alter table decide.propensity add constraint propensity_check CHECK (((accepted >= 0) AND (accepted <= offered)));
alter table decide.propensity add constraint propensity_offered_check CHECK ((offered >= 0));
alter table decide.propensity add constraint propensity_pkey PRIMARY KEY (action, treatment, channel);
alter table engage.joint_acceptance add constraint joint_acceptance_customer_id_contact_id_fkey FOREIGN KEY (customer_id, contact_id) REFERENCES know.contact(customer_id, contact_id);
alter table engage.joint_acceptance add constraint joint_acceptance_holders_check CHECK ((holders > 1));
alter table engage.joint_acceptance add constraint joint_acceptance_pkey PRIMARY KEY (customer_id, contact_id, accepted_by);
alter table engage.placement_day add constraint placement_day_accepted_check CHECK ((accepted >= 0));
alter table engage.placement_day add constraint placement_day_asks_check CHECK ((asks >= 0));
alter table engage.placement_day add constraint placement_day_clicks_check CHECK ((clicks >= 0));
alter table engage.placement_day add constraint placement_day_filled_check CHECK ((filled >= 0));
alter table engage.placement_day add constraint placement_day_impressions_check CHECK ((impressions >= 0));
alter table engage.placement_day add constraint placement_day_pkey PRIMARY KEY (day, placement);
alter table engage.placement_day add constraint placement_day_put_off_check CHECK ((put_off >= 0));
alter table engage.placement_day add constraint placement_day_refused_check CHECK ((refused >= 0));
alter table engage.placement_day_counted add constraint placement_day_counted_pkey PRIMARY KEY (day);
alter table engage.webhook add constraint webhook_failures_check CHECK ((failures >= 0));
alter table engage.webhook add constraint webhook_pkey PRIMARY KEY (webhook_id);
alter table engage.webhook add constraint webhook_secret_number_check CHECK ((secret_number > 0));
alter table engage.webhook add constraint webhook_state_check CHECK ((state = ANY (ARRAY['on'::text, 'paused'::text, 'off'::text])));
alter table engage.webhook add constraint webhook_title_check CHECK (((length(title) >= 1) AND (length(title) <= 160)));
alter table engage.webhook add constraint webhook_types_check CHECK (((cardinality(types) >= 1) AND (cardinality(types) <= 20)));
alter table engage.webhook add constraint webhook_url_check CHECK ((length(url) <= 2000));
alter table engage.webhook_attempt add constraint webhook_attempt_answer_check CHECK ((length(answer) <= 2000));
alter table engage.webhook_attempt add constraint webhook_attempt_customer_id_webhook_id_event_id_fkey FOREIGN KEY (customer_id, webhook_id, event_id) REFERENCES engage.webhook_delivery(customer_id, webhook_id, event_id) ON DELETE CASCADE;
alter table engage.webhook_attempt add constraint webhook_attempt_pkey PRIMARY KEY (customer_id, webhook_id, event_id, attempt_id);
alter table engage.webhook_attempt add constraint webhook_attempt_took_ms_check CHECK ((took_ms >= 0));
alter table engage.webhook_delivery add constraint webhook_delivery_attempts_check CHECK ((attempts >= 0));
alter table engage.webhook_delivery add constraint webhook_delivery_pkey PRIMARY KEY (customer_id, webhook_id, event_id);
alter table engage.webhook_delivery add constraint webhook_delivery_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'delivered'::text, 'set_aside'::text])));
alter table engage.webhook_delivery add constraint webhook_delivery_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES engage.webhook(webhook_id) ON DELETE CASCADE;
alter table know.branch add constraint branch_pkey PRIMARY KEY (branch_code);
alter table know.contact add constraint contact_check CHECK (((source <> 'clientele'::text) OR ((action IS NOT NULL) AND (treatment IS NOT NULL) AND (decision_id IS NOT NULL))));
alter table know.contact add constraint contact_check1 CHECK (((state = 'suppressed'::text) <= (reason IS NOT NULL)));
alter table know.contact add constraint contact_claimed_version_check CHECK ((claimed_version > 0));
alter table know.contact add constraint contact_class_check CHECK ((class = ANY (ARRAY['regulatory'::text, 'service'::text, 'care'::text, 'marketing'::text])));
alter table know.contact add constraint contact_communication_customer_id_step_channel_key UNIQUE (communication, customer_id, step, channel);
alter table know.contact add constraint contact_direction_check CHECK ((direction = ANY (ARRAY['inbound'::text, 'outbound'::text])));
alter table know.contact add constraint contact_pkey PRIMARY KEY (contact_id, customer_id);
alter table know.contact add constraint contact_state_check CHECK ((state = ANY (ARRAY['offered'::text, 'shown'::text, 'clicked'::text, 'accepted'::text, 'refused'::text, 'deferred'::text, 'declined_for_good'::text, 'claimed'::text, 'sent'::text, 'delivered'::text, 'failed'::text, 'suppressed'::text, 'expired'::text, 'unknown'::text])));
alter table know.contact add constraint contact_step_check CHECK ((step >= 0));
alter table know.customer add constraint customer_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'business'::text])));
alter table know.customer add constraint customer_pkey PRIMARY KEY (customer_id);
alter table know.customer add constraint customer_sex_check CHECK ((sex = ANY (ARRAY['female'::text, 'male'::text, 'other'::text])));
alter table know.customer add constraint customer_stage_check CHECK ((stage = ANY (ARRAY['prospect'::text, 'customer'::text, 'former'::text])));
alter table know.customer_key add constraint customer_key_pkey PRIMARY KEY (source, external_id);
alter table know.event add constraint event_pkey PRIMARY KEY (customer_id, event_id);
alter table know.event_intake add constraint event_intake_check CHECK ((given = ((applied + duplicate) + quarantined)));
alter table know.event_intake add constraint event_intake_pkey PRIMARY KEY (intake_id);
alter table know.event_key add constraint event_key_pkey PRIMARY KEY (source, source_event_id);
alter table know.event_quarantine add constraint event_quarantine_check CHECK (((settled_at IS NULL) = (settled_as IS NULL)));
alter table know.event_quarantine add constraint event_quarantine_digest_key UNIQUE (digest);
alter table know.event_quarantine add constraint event_quarantine_pkey PRIMARY KEY (quarantine_id);
alter table know.event_quarantine add constraint event_quarantine_settled_as_check CHECK ((settled_as = ANY (ARRAY['applied'::text, 'duplicate'::text, 'dropped'::text])));
alter table know.event_quarantine add constraint event_quarantine_times_check CHECK ((times > 0));
alter table know.external_contact_key add constraint external_contact_key_pkey PRIMARY KEY (source, source_contact_id);
alter table know.feed add constraint feed_pkey PRIMARY KEY (feed_id);
alter table know.feed add constraint feed_state_check CHECK ((state = ANY (ARRAY['reading'::text, 'applying'::text, 'applied'::text, 'unbalanced'::text, 'refused'::text])));
alter table know.feed_row_quarantine add constraint feed_row_quarantine_feed_id_fkey FOREIGN KEY (feed_id) REFERENCES know.feed(feed_id);
alter table know.feed_row_quarantine add constraint feed_row_quarantine_pkey PRIMARY KEY (feed_id, line);
alter table know.feed_step add constraint feed_step_feed_id_fkey FOREIGN KEY (feed_id) REFERENCES know.feed(feed_id);
alter table know.feed_step add constraint feed_step_pkey PRIMARY KEY (feed_id, step);
alter table know.holding add constraint holding_check CHECK (((closed_on IS NULL) OR (opened_on IS NULL) OR (closed_on >= opened_on)));
alter table know.holding add constraint holding_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text));
alter table know.holding add constraint holding_pkey PRIMARY KEY (customer_id, holding_id);
alter table know.holding add constraint holding_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'open'::text, 'closed'::text])));
alter table know.holding_key add constraint holding_key_pkey PRIMARY KEY (source, external_id);
alter table know.holding_role add constraint holding_role_authority_check CHECK ((authority = ANY (ARRAY['sole'::text, 'either'::text, 'both'::text, 'limited'::text, 'none'::text])));
alter table know.holding_role add constraint holding_role_check CHECK (((to_on IS NULL) OR (to_on >= from_on)));
alter table know.holding_role add constraint holding_role_check1 CHECK (((role = 'owner'::text) OR (share_bp = 0)));
alter table know.holding_role add constraint holding_role_pkey PRIMARY KEY (customer_id, holding_id, role, from_on);
alter table know.holding_role add constraint holding_role_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'user'::text, 'guardian'::text, 'attorney'::text, 'executor'::text, 'guarantor'::text, 'director'::text])));
alter table know.holding_role add constraint holding_role_share_bp_check CHECK (((share_bp >= 0) AND (share_bp <= 10000)));
alter table know.horizon add constraint horizon_one_check CHECK (one);
alter table know.horizon add constraint horizon_pkey PRIMARY KEY (one);
alter table know.household add constraint household_pkey PRIMARY KEY (household_id);
alter table know.household_key add constraint household_key_pkey PRIMARY KEY (source, external_id);
alter table know.kept_figure add constraint kept_figure_pkey PRIMARY KEY (figure, counted_of);
alter table know.living add constraint living_pkey PRIMARY KEY (customer_id, generation);
alter table know.living_change add constraint living_change_pkey PRIMARY KEY (customer_id, xact);
alter table know.profile add constraint profile_pkey PRIMARY KEY (customer_id, generation);
alter table know.profile_set add constraint profile_set_check CHECK (((NOT current) OR (state = 'ready'::text)));
alter table know.profile_set add constraint profile_set_living_check CHECK (((living_on IS NULL) = (living_snapshot IS NULL)));
alter table know.profile_set add constraint profile_set_pkey PRIMARY KEY (generation);
alter table know.profile_set add constraint profile_set_state_check CHECK ((state = ANY (ARRAY['building'::text, 'ready'::text, 'retired'::text])));
alter table know.relation add constraint relation_check CHECK ((customer_id <> other_customer_id));
alter table know.relation add constraint relation_pkey PRIMARY KEY (customer_id, other_customer_id, relation, from_on);
alter table know.relation add constraint relation_relation_check CHECK ((relation = ANY (ARRAY['partner'::text, 'parent'::text, 'child'::text, 'guardian'::text, 'ward'::text, 'attorney'::text, 'principal'::text, 'director'::text, 'owner'::text, 'business'::text, 'relative'::text])));
alter table know.response add constraint response_customer_id_contact_id_fkey FOREIGN KEY (customer_id, contact_id) REFERENCES know.contact(customer_id, contact_id);
alter table know.response add constraint response_customer_id_contact_id_kind_key UNIQUE (customer_id, contact_id, kind);
alter table know.response add constraint response_customer_id_idempotency_key_key UNIQUE (customer_id, idempotency_key);
alter table know.response add constraint response_kind_check CHECK ((kind = ANY (ARRAY['impression'::text, 'click'::text, 'accept'::text, 'refuse'::text, 'not_now'::text, 'never'::text])));
alter table know.response add constraint response_pkey PRIMARY KEY (customer_id, response_id);
alter table know.running add constraint running_pkey PRIMARY KEY (customer_id, generation);
alter table know.standing add constraint standing_check CHECK (((to_on IS NULL) OR (to_on >= from_on)));
alter table know.standing add constraint standing_effect_check CHECK ((effect = ANY (ARRAY['stop_all'::text, 'service_only'::text, 'care_only'::text, 'no_credit'::text, 'none'::text])));
alter table know.standing add constraint standing_pkey PRIMARY KEY (customer_id, standing_id);
alter table know.standing add constraint standing_standing_check CHECK ((standing = ANY (ARRAY['minor'::text, 'deceased_notified'::text, 'represented'::text, 'in_collections'::text, 'forborne'::text, 'complaint_open'::text, 'bereaved'::text, 'crime_block'::text, 'stretched'::text, 'support_need'::text, 'arrears'::text, 'staff'::text, 'vip'::text, 'dormant'::text])));
alter table platform.idempotency add constraint idempotency_pkey PRIMARY KEY (actor_id, route, key);
alter table platform.job add constraint job_attempts_max_check CHECK ((attempts_max > 0));
alter table platform.job add constraint job_pkey PRIMARY KEY (job_id);
alter table platform.job add constraint job_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text])));
alter table platform.job_schedule add constraint job_schedule_pkey PRIMARY KEY (name);
alter table platform.migration add constraint migration_pkey PRIMARY KEY (store, name);
alter table platform.migration add constraint migration_store_check CHECK ((store = ANY (ARRAY['postgres'::text, 'lake'::text])));
alter table platform.outbox add constraint outbox_pkey PRIMARY KEY (customer_id, version, sequence);
alter table platform.outbox_turn add constraint outbox_turn_pkey PRIMARY KEY (customer_id);
alter table platform.restored add constraint restored_check CHECK ((reconciled_at >= restored_at));
alter table platform.restored add constraint restored_pkey PRIMARY KEY (restored_at);
alter table platform.set_aside add constraint set_aside_pkey PRIMARY KEY (customer_id, version, sequence, subscription);
alter table platform.stream add constraint stream_pkey PRIMARY KEY (customer_id);
alter table platform.stream add constraint stream_version_check CHECK ((version > 0));
alter table trust.activation add constraint activation_approval_id_key UNIQUE (approval_id);
alter table trust.activation add constraint activation_approval_id_revision_fkey FOREIGN KEY (approval_id, revision) REFERENCES trust.approval(approval_id, revision);
alter table trust.activation add constraint activation_needs_an_approval CHECK (((approval_id IS NOT NULL) OR (sequence = 1)));
alter table trust.activation add constraint activation_pkey PRIMARY KEY (sequence);
alter table trust.activation add constraint activation_revision_fkey FOREIGN KEY (revision) REFERENCES trust.revision(hash);
alter table trust.activation add constraint activation_sequence_check CHECK ((sequence > 0));
alter table trust.api_key add constraint api_key_digest_key UNIQUE (digest);
alter table trust.api_key add constraint api_key_pkey PRIMARY KEY (key_id);
alter table trust.api_key_revocation add constraint api_key_revocation_key_id_fkey FOREIGN KEY (key_id) REFERENCES trust.api_key(key_id);
alter table trust.api_key_revocation add constraint api_key_revocation_pkey PRIMARY KEY (key_id);
alter table trust.approval add constraint approval_approval_id_revision_key UNIQUE (approval_id, revision);
alter table trust.approval add constraint approval_draft_id_made_by_fkey FOREIGN KEY (draft_id, made_by) REFERENCES trust.draft(draft_id, made_by);
alter table trust.approval add constraint approval_draft_id_revision_onto_sequence_key UNIQUE (draft_id, revision, onto_sequence);
alter table trust.approval add constraint approval_pkey PRIMARY KEY (approval_id);
alter table trust.approval add constraint approval_revision_fkey FOREIGN KEY (revision) REFERENCES trust.revision(hash);
alter table trust.approval add constraint approval_takes_a_second_person CHECK ((approved_by <> made_by));
alter table trust.audit_anchor add constraint audit_anchor_pkey PRIMARY KEY (anchor_id);
alter table trust.audit_entry add constraint audit_entry_pkey PRIMARY KEY (chain, sequence);
alter table trust.audit_head add constraint audit_head_pkey PRIMARY KEY (chain);
alter table trust.audit_note add constraint audit_note_pkey PRIMARY KEY (customer_id, chain, sequence);
alter table trust.audit_salt add constraint audit_salt_pkey PRIMARY KEY (customer_id, salt);
alter table trust.bank_key add constraint bank_key_key_check CHECK ((length(key) = 32));
alter table trust.bank_key add constraint bank_key_pkey PRIMARY KEY (name);
alter table trust.consent add constraint consent_call_check CHECK ((call = ANY (ARRAY['given'::text, 'withdrawn'::text, 'objected'::text])));
alter table trust.consent add constraint consent_email_check CHECK ((email = ANY (ARRAY['given'::text, 'withdrawn'::text, 'objected'::text])));
alter table trust.consent add constraint consent_marketing_check CHECK ((marketing = ANY (ARRAY['given'::text, 'withdrawn'::text, 'objected'::text])));
alter table trust.consent add constraint consent_payment_data_check CHECK ((payment_data = ANY (ARRAY['given'::text, 'withdrawn'::text, 'objected'::text])));
alter table trust.consent add constraint consent_pkey PRIMARY KEY (customer_id);
alter table trust.consent add constraint consent_post_check CHECK ((post = ANY (ARRAY['given'::text, 'withdrawn'::text, 'objected'::text])));
alter table trust.consent add constraint consent_profiling_check CHECK ((profiling = ANY (ARRAY['given'::text, 'withdrawn'::text, 'objected'::text])));
alter table trust.consent add constraint consent_push_check CHECK ((push = ANY (ARRAY['given'::text, 'withdrawn'::text, 'objected'::text])));
alter table trust.consent add constraint consent_sms_check CHECK ((sms = ANY (ARRAY['given'::text, 'withdrawn'::text, 'objected'::text])));
alter table trust.consent_record add constraint channels_are_for_marketing CHECK (((purpose = 'marketing'::text) OR (channel = 'all'::text)));
alter table trust.consent_record add constraint consent_record_channel_check CHECK ((channel = ANY (ARRAY['all'::text, 'email'::text, 'sms'::text, 'push'::text, 'call'::text, 'post'::text])));
alter table trust.consent_record add constraint consent_record_pkey PRIMARY KEY (customer_id, version, purpose, channel);
alter table trust.consent_record add constraint consent_record_purpose_check CHECK ((purpose = ANY (ARRAY['marketing'::text, 'profiling'::text, 'payment_data'::text])));
alter table trust.consent_record add constraint consent_record_state_check CHECK ((state = ANY (ARRAY['given'::text, 'withdrawn'::text, 'objected'::text])));
alter table trust.consent_record add constraint consent_shows_its_evidence CHECK (((jsonb_typeof(evidence) = 'object'::text) AND (evidence ? 'how'::text)));
alter table trust.document add constraint document_is_named_as_it_says CHECK ((((body ->> 'kind'::text) = kind) AND ((body ->> 'id'::text) = id)));
alter table trust.document add constraint document_is_what_its_hash_says CHECK ((hash = encode(sha256(convert_to(canonical, 'UTF8'::name)), 'hex'::text)));
alter table trust.document add constraint document_pkey PRIMARY KEY (hash);
alter table trust.document add constraint document_text_check CHECK ((length(text) <= 262144));
alter table trust.draft add constraint draft_base_fkey FOREIGN KEY (base) REFERENCES trust.revision(hash);
alter table trust.draft add constraint draft_draft_id_made_by_key UNIQUE (draft_id, made_by);
alter table trust.draft add constraint draft_pkey PRIMARY KEY (draft_id);
alter table trust.draft add constraint draft_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 2000)));
alter table trust.draft add constraint draft_title_check CHECK (((length(title) >= 1) AND (length(title) <= 160)));
alter table trust.draft_author add constraint draft_author_draft_id_fkey FOREIGN KEY (draft_id) REFERENCES trust.draft(draft_id);
alter table trust.draft_author add constraint draft_author_pkey PRIMARY KEY (draft_id, author);
alter table trust.draft_document add constraint draft_document_document_fkey FOREIGN KEY (document) REFERENCES trust.document(hash);
alter table trust.draft_document add constraint draft_document_draft_id_fkey FOREIGN KEY (draft_id) REFERENCES trust.draft(draft_id);
alter table trust.draft_document add constraint draft_document_pkey PRIMARY KEY (draft_id, kind, id);
alter table trust.draft_withdrawal add constraint draft_withdrawal_draft_id_fkey FOREIGN KEY (draft_id) REFERENCES trust.draft(draft_id);
alter table trust.draft_withdrawal add constraint draft_withdrawal_pkey PRIMARY KEY (draft_id);
alter table trust.item add constraint item_kind_id_key UNIQUE (kind, id);
alter table trust.item add constraint item_pkey PRIMARY KEY (item_number);
alter table trust.outside_identity add constraint outside_identity_person_id_fkey FOREIGN KEY (person_id) REFERENCES trust.person(person_id);
alter table trust.outside_identity add constraint outside_identity_pkey PRIMARY KEY (issuer, subject);
alter table trust.password add constraint password_person_id_fkey FOREIGN KEY (person_id) REFERENCES trust.person(person_id);
alter table trust.password add constraint password_pkey PRIMARY KEY (person_id);
alter table trust.person add constraint person_login_check CHECK ((login = lower(login)));
alter table trust.person add constraint person_login_key UNIQUE (login);
alter table trust.person add constraint person_pkey PRIMARY KEY (person_id);
alter table trust.person_closure add constraint person_closure_person_id_fkey FOREIGN KEY (person_id) REFERENCES trust.person(person_id);
alter table trust.person_closure add constraint person_closure_pkey PRIMARY KEY (person_id);
alter table trust.person_role add constraint person_role_person_id_fkey FOREIGN KEY (person_id) REFERENCES trust.person(person_id);
alter table trust.person_role add constraint person_role_pkey PRIMARY KEY (person_id, role);
alter table trust.person_scope add constraint person_scope_check CHECK (((kind = 'bank'::text) = (code = '*'::text)));
alter table trust.person_scope add constraint person_scope_kind_check CHECK ((kind = ANY (ARRAY['bank'::text, 'branch'::text, 'team'::text, 'portfolio'::text])));
alter table trust.person_scope add constraint person_scope_person_id_fkey FOREIGN KEY (person_id) REFERENCES trust.person(person_id);
alter table trust.person_scope add constraint person_scope_pkey PRIMARY KEY (person_id, kind, code);
alter table trust.preparation add constraint preparation_pkey PRIMARY KEY (revision, server_id);
alter table trust.preparation add constraint preparation_revision_fkey FOREIGN KEY (revision) REFERENCES trust.revision(hash);
alter table trust.preparation add constraint preparation_server_id_fkey FOREIGN KEY (server_id) REFERENCES trust.server(server_id) ON DELETE CASCADE;
alter table trust.preparation add constraint preparation_state_check CHECK ((state = ANY (ARRAY['prepared'::text, 'failed'::text])));
alter table trust.restart add constraint restart_pkey PRIMARY KEY (restart_id);
alter table trust.restart add constraint restart_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 2000)));
alter table trust.restart add constraint restart_restart_id_stop_id_proposed_by_key UNIQUE (restart_id, stop_id, proposed_by);
alter table trust.restart add constraint restart_stop_id_fkey FOREIGN KEY (stop_id) REFERENCES trust.stop(stop_id);
alter table trust.restart add constraint restart_stop_id_key UNIQUE (stop_id);
alter table trust.restart_confirmation add constraint restart_confirmation_pkey PRIMARY KEY (stop_id);
alter table trust.restart_confirmation add constraint restart_confirmation_restart_id_stop_id_proposed_by_fkey FOREIGN KEY (restart_id, stop_id, proposed_by) REFERENCES trust.restart(restart_id, stop_id, proposed_by);
alter table trust.restart_confirmation add constraint restart_confirmation_stop_id_fkey FOREIGN KEY (stop_id) REFERENCES trust.stop(stop_id);
alter table trust.restart_confirmation add constraint starting_again_takes_two CHECK ((confirmed_by <> proposed_by));
alter table trust.review_request add constraint review_request_draft_id_fkey FOREIGN KEY (draft_id) REFERENCES trust.draft(draft_id);
alter table trust.review_request add constraint review_request_note_check CHECK ((length(note) <= 2000));
alter table trust.review_request add constraint review_request_pkey PRIMARY KEY (draft_id);
alter table trust.revision add constraint revision_hash_check CHECK ((hash ~ '^[0-9a-f]{64}$'::text));
alter table trust.revision add constraint revision_pkey PRIMARY KEY (hash);
alter table trust.revision_document add constraint revision_document_document_fkey FOREIGN KEY (document) REFERENCES trust.document(hash);
alter table trust.revision_document add constraint revision_document_pkey PRIMARY KEY (revision, kind, id);
alter table trust.revision_document add constraint revision_document_revision_fkey FOREIGN KEY (revision) REFERENCES trust.revision(hash);
alter table trust.seal add constraint seal_kind_check CHECK ((kind = ANY (ARRAY['staff'::text, 'vip'::text, 'vulnerable'::text])));
alter table trust.seal add constraint seal_pkey PRIMARY KEY (customer_id, kind);
alter table trust.server add constraint server_pkey PRIMARY KEY (server_id);
alter table trust.session add constraint session_person_id_fkey FOREIGN KEY (person_id) REFERENCES trust.person(person_id);
alter table trust.session add constraint session_pkey PRIMARY KEY (session_digest);
alter table trust.sign_in_failure add constraint sign_in_failure_pkey PRIMARY KEY (login_digest);
alter table trust.sign_in_started add constraint sign_in_started_pkey PRIMARY KEY (state_digest);
alter table trust.stop add constraint stop_check CHECK (((scope = 'everything'::text) = (target = ''::text)));
alter table trust.stop add constraint stop_pkey PRIMARY KEY (stop_id);
alter table trust.stop add constraint stop_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 2000)));
alter table trust.stop add constraint stop_scope_check CHECK ((scope = ANY (ARRAY['everything'::text, 'action'::text, 'template'::text, 'channel'::text])));
alter table trust.stops_version add constraint stops_version_one_check CHECK (one);
alter table trust.stops_version add constraint stops_version_pkey PRIMARY KEY (one);
alter table trust.suppression add constraint suppression_address_digest_check CHECK ((length(address_digest) = 32));
alter table trust.suppression add constraint suppression_medium_check CHECK ((medium = ANY (ARRAY['email'::text, 'phone'::text])));
alter table trust.suppression add constraint suppression_pkey PRIMARY KEY (medium, address_digest);
alter table trust.view add constraint view_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100)));
alter table trust.view add constraint view_page_check CHECK (((length(page) >= 1) AND (length(page) <= 200)));
alter table trust.view add constraint view_person_id_fkey FOREIGN KEY (person_id) REFERENCES trust.person(person_id);
alter table trust.view add constraint view_person_id_page_name_key UNIQUE (person_id, page, name);
alter table trust.view add constraint view_pkey PRIMARY KEY (view_id);
alter table trust.view add constraint view_state_check CHECK ((length(state) <= 4000));
CREATE INDEX decision_by_id ON decide.decision USING btree (decision_id);
CREATE UNIQUE INDEX decision_once ON decide.decision USING btree (customer_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE INDEX webhook_attempt_latest ON engage.webhook_attempt USING btree (webhook_id, attempt_id DESC);
CREATE INDEX webhook_delivery_delivered ON engage.webhook_delivery USING btree (webhook_id, last_at DESC) WHERE (state = 'delivered'::text);
CREATE INDEX webhook_delivery_due ON engage.webhook_delivery USING btree (due_at, sequence) WHERE (state = 'waiting'::text);
CREATE INDEX webhook_delivery_event ON engage.webhook_delivery USING btree (webhook_id, event_id);
CREATE INDEX webhook_delivery_log ON engage.webhook_delivery USING btree (webhook_id, sequence DESC);
CREATE INDEX webhook_delivery_order ON engage.webhook_delivery USING btree (webhook_id, customer_id, sequence) WHERE (state = 'waiting'::text);
CREATE INDEX webhook_delivery_set_aside ON engage.webhook_delivery USING btree (webhook_id, sequence DESC) WHERE (state = 'set_aside'::text);
CREATE INDEX contact_by_claim ON know.contact USING btree (customer_id, claimed_at DESC);
CREATE INDEX contact_open ON know.contact USING btree (expires_at) WHERE (state = ANY (ARRAY['offered'::text, 'claimed'::text]));
CREATE INDEX contact_said ON know.contact USING btree (customer_id, claimed_at) WHERE (((class = 'marketing'::text) AND (direction = 'outbound'::text)) OR (state = ANY (ARRAY['shown'::text, 'clicked'::text, 'accepted'::text, 'refused'::text, 'deferred'::text, 'declined_for_good'::text])));
CREATE INDEX contact_unknown ON know.contact USING btree (claimed_at) WHERE (state = 'unknown'::text);
CREATE INDEX customer_by_birth ON know.customer USING btree (birth_on) WHERE (birth_on IS NOT NULL);
CREATE INDEX customer_by_email ON know.customer USING btree (lower(email) text_pattern_ops) WHERE (email IS NOT NULL);
CREATE INDEX customer_by_family_name ON know.customer USING btree (know.fold(((COALESCE(family_name, ''::text) || ' '::text) || COALESCE(given_name, ''::text))) text_pattern_ops) WHERE (family_name IS NOT NULL);
CREATE INDEX customer_by_full_name ON know.customer USING btree (know.fold(full_name) text_pattern_ops) WHERE (full_name IS NOT NULL);
CREATE INDEX customer_by_household ON know.customer USING btree (household_id) WHERE (household_id IS NOT NULL);
CREATE INDEX customer_by_phone ON know.customer USING btree (know.digits(phone)) WHERE (phone IS NOT NULL);
CREATE INDEX customer_by_phone_end ON know.customer USING btree (reverse(know.digits(phone)) text_pattern_ops) WHERE (phone IS NOT NULL);
CREATE INDEX customer_by_words ON know.customer USING gin (know.words(((((COALESCE(full_name, ''::text) || ' '::text) || COALESCE(given_name, ''::text)) || ' '::text) || COALESCE(family_name, ''::text))));
CREATE INDEX customer_key_by_customer ON know.customer_key USING btree (customer_id);
CREATE INDEX event_by_receipt ON know.event USING brin (received_at);
CREATE INDEX event_quarantine_open ON know.event_quarantine USING btree (first_at) WHERE (settled_at IS NULL);
CREATE INDEX feed_by_source ON know.feed USING btree (source, business_on DESC);
CREATE UNIQUE INDEX feed_once ON know.feed USING btree (source, file_sha256, COALESCE(as_of, '9999-12-31'::date));
CREATE INDEX feed_row_quarantine_open ON know.feed_row_quarantine USING btree (feed_id, reason) WHERE (settled_at IS NULL);
CREATE INDEX holding_by_id ON know.holding USING btree (holding_id);
CREATE INDEX holding_by_number_end ON know.holding USING btree (know.turned(number) text_pattern_ops) WHERE (number IS NOT NULL);
CREATE INDEX holding_role_by_holding ON know.holding_role USING btree (holding_id);
CREATE UNIQUE INDEX profile_set_current ON know.profile_set USING btree (attributes_hash) WHERE current;
CREATE INDEX response_by_time ON know.response USING btree (recorded_at);
CREATE INDEX idempotency_taken_at ON platform.idempotency USING btree (taken_at);
CREATE INDEX job_due ON platform.job USING btree (due_at) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));
CREATE INDEX job_ended ON platform.job USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE UNIQUE INDEX job_key ON platform.job USING btree (name, key) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));
CREATE INDEX outbox_turn_due_at ON platform.outbox_turn USING btree (due_at);
CREATE INDEX audit_entry_actor ON trust.audit_entry USING btree (actor_id, at);
CREATE INDEX audit_entry_at ON trust.audit_entry USING btree (at);
CREATE INDEX audit_entry_customers ON trust.audit_entry USING gin (customers);
CREATE INDEX session_person ON trust.session USING btree (person_id) WHERE (ended_at IS NULL);
CREATE INDEX view_shared ON trust.view USING btree (shared_with, page) WHERE (shared_with IS NOT NULL);
create view trust.closed_to_marketing as
 SELECT customer_id,
    channel,
    version AS from_version,
    ( SELECT min(g.version) AS min
           FROM trust.consent_record g
          WHERE g.customer_id = r.customer_id AND g.purpose = 'marketing'::text AND g.channel = r.channel AND g.state = 'given'::text AND g.version > r.version) AS to_version
   FROM trust.consent_record r
  WHERE purpose = 'marketing'::text AND (state = ANY (ARRAY['withdrawn'::text, 'objected'::text]));
CREATE OR REPLACE FUNCTION know.digits(phone text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select regexp_replace(regexp_replace(phone, '[^0-9]', '', 'g'), '^00', '')
$function$
;
CREATE OR REPLACE FUNCTION know.fold(name text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select translate(lower(regexp_replace(normalize(name, nfkd), '[\u0300-\u036f]', '', 'g')), 'łøđðþıœæßς’''', 'loddtioasσ')
$function$
;
CREATE OR REPLACE FUNCTION know.living_of_everybody()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into know.living_change (customer_id) values (0) on conflict do nothing;
  perform set_config('know.living_of_everybody', 'on', true);
end $function$
;
CREATE OR REPLACE FUNCTION know.note_living()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op <> 'INSERT' then
    insert into know.living_change (customer_id) values (old.customer_id) on conflict do nothing;
  end if;
  if tg_op <> 'DELETE' then
    insert into know.living_change (customer_id) values (new.customer_id) on conflict do nothing;
  end if;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION know.note_living_emptied()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform know.living_of_everybody();
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION know.note_living_of_holding()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  changed know.holding := case when tg_op = 'DELETE' then old else new end;
begin
  insert into know.living_change (customer_id)
  select distinct r.customer_id from know.holding_role r
   where r.holding_id = changed.holding_id and r.holder_customer_id = changed.customer_id
  on conflict do nothing;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION know.turned(number text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select reverse(upper(regexp_replace(number, '[^A-Za-z0-9]', '', 'g')))
$function$
;
CREATE OR REPLACE FUNCTION know.words(name text)
 RETURNS tsvector
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select array_to_tsvector(array_remove(regexp_split_to_array(left(know.fold(name), 500), '[\s.,/&()-]+'), ''))
$function$
;
CREATE OR REPLACE FUNCTION trust.activation_follows()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  latest bigint;
begin
  lock table trust.activation in share row exclusive mode;
  select coalesce(max(a.sequence), 0) into latest from trust.activation a;
  if new.sequence <> latest + 1 then
    raise exception 'activation % does not follow %', new.sequence, latest using errcode = 'check_violation', constraint = 'activation_follows';
  end if;
  if new.approval_id is not null
     and not exists (select from trust.approval p where p.approval_id = new.approval_id and p.onto_sequence = latest) then
    raise exception 'the approval was for a change to another revision than the one that runs'
      using errcode = 'check_violation', constraint = 'activation_follows';
  end if;
  perform pg_notify('playbook', new.sequence::text);
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION trust.approved_draft_is_closed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select from trust.activation a join trust.approval p using (approval_id)
              where p.draft_id = coalesce(new.draft_id, old.draft_id)) then
    raise exception 'draft % runs already: make another', coalesce(new.draft_id, old.draft_id) using errcode = 'restrict_violation';
  end if;
  return coalesce(new, old);
end $function$
;
CREATE OR REPLACE FUNCTION trust.approver_made_nothing()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  -- The draft's lock: an approval and an edit by one person never pass each other.
  perform from trust.draft where draft_id = new.draft_id for update;
  if tg_table_name = 'approval' then
    if exists (select from trust.draft_author d where d.draft_id = new.draft_id and d.author = new.approved_by) then
      raise exception 'approval_takes_a_second_person: % wrote a part of draft %', new.approved_by, new.draft_id
        using errcode = 'check_violation', constraint = 'approval_takes_a_second_person';
    end if;
  elsif exists (select from trust.approval p where p.draft_id = new.draft_id and p.approved_by = new.author) then
    raise exception 'approval_takes_a_second_person: % approved draft %', new.author, new.draft_id
      using errcode = 'check_violation', constraint = 'approval_takes_a_second_person';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION trust.audit_hash(previous bytea, chain integer, sequence bigint, at timestamp with time zone, actor_kind text, actor_id text, action text, customers text[], subject text, reason text, facts jsonb)
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN sha256((previous || convert_to((jsonb_build_array(chain, sequence, ((EXTRACT(epoch FROM at) * (1000000)::numeric))::bigint, actor_kind, actor_id, action, customers, subject, reason, facts))::text, 'UTF8'::name)))
;
CREATE OR REPLACE FUNCTION trust.audit_is_append_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the audit is append-only: % of % is refused', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $function$
;
CREATE OR REPLACE FUNCTION trust.draft_has_author()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into trust.draft_author (draft_id, author, since) values (new.draft_id, new.changed_by, new.changed_at)
    on conflict do nothing;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION trust.hmac_pad(key bytea, pad integer)
 RETURNS bytea
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
declare
  padded bytea := decode(repeat(lpad(to_hex(pad), 2, '0'), 64), 'hex');
begin
  for place in 0 .. length(key) - 1 loop
    padded := set_byte(padded, place, get_byte(key, place) # pad);
  end loop;
  return padded;
end $function$
;
CREATE OR REPLACE FUNCTION trust.newest_consent_counts()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.version <= old.version then
    raise exception 'consent of version % would overtake version %', new.version, old.version using errcode = 'check_violation';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION trust.normal_address(medium text, address text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select case
    when medium = 'email' then
      case when a.text ~ '^[^[:space:]@]+@[^[:space:]@]+$' then a.text end
    else
      case when length(d.digits) between 5 and 15 then d.digits end
    end
    from (select lower(btrim(normalize(address, nfkc), E' \t\r\n'))) as a (text),
         lateral (select regexp_replace(regexp_replace(regexp_replace(a.text, '^\+', '00'), '[^0-9]', '', 'g'), '^00', '')) as d (digits)
$function$
;
CREATE OR REPLACE FUNCTION trust.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'trust.% is append-only: rows are never changed or removed', tg_table_name using errcode = 'restrict_violation';
end $function$
;
CREATE OR REPLACE FUNCTION trust.refuse_consent_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' then
    raise exception 'trust.consent_record is append-only: record a new consent instead' using errcode = 'restrict_violation';
  end if;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION trust.still_said(said text, ends_on date, today date)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case when said = 'given' and ends_on <= today then null else said end
$function$
;
CREATE TRIGGER notes_living AFTER INSERT OR DELETE OR UPDATE ON know.customer FOR EACH ROW WHEN ((current_setting('know.living_of_everybody'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION know.note_living();
CREATE TRIGGER notes_living_emptied AFTER TRUNCATE ON know.customer FOR EACH STATEMENT EXECUTE FUNCTION know.note_living_emptied();
CREATE TRIGGER notes_living AFTER INSERT OR DELETE OR UPDATE ON know.holding FOR EACH ROW WHEN ((current_setting('know.living_of_everybody'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION know.note_living_of_holding();
CREATE TRIGGER notes_living_emptied AFTER TRUNCATE ON know.holding FOR EACH STATEMENT EXECUTE FUNCTION know.note_living_emptied();
CREATE TRIGGER notes_living AFTER INSERT OR DELETE OR UPDATE ON know.holding_role FOR EACH ROW WHEN ((current_setting('know.living_of_everybody'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION know.note_living();
CREATE TRIGGER notes_living_emptied AFTER TRUNCATE ON know.holding_role FOR EACH STATEMENT EXECUTE FUNCTION know.note_living_emptied();
CREATE TRIGGER notes_living AFTER INSERT OR DELETE OR UPDATE ON know.relation FOR EACH ROW WHEN ((current_setting('know.living_of_everybody'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION know.note_living();
CREATE TRIGGER notes_living_emptied AFTER TRUNCATE ON know.relation FOR EACH STATEMENT EXECUTE FUNCTION know.note_living_emptied();
CREATE TRIGGER notes_living AFTER INSERT OR DELETE OR UPDATE ON know.standing FOR EACH ROW WHEN ((current_setting('know.living_of_everybody'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION know.note_living();
CREATE TRIGGER notes_living_emptied AFTER TRUNCATE ON know.standing FOR EACH STATEMENT EXECUTE FUNCTION know.note_living_emptied();
CREATE TRIGGER activation_follows BEFORE INSERT ON trust.activation FOR EACH ROW EXECUTE FUNCTION trust.activation_follows();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON trust.activation FOR EACH STATEMENT EXECUTE FUNCTION trust.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON trust.approval FOR EACH STATEMENT EXECUTE FUNCTION trust.refuse_change();
CREATE TRIGGER approver_made_nothing BEFORE INSERT ON trust.approval FOR EACH ROW EXECUTE FUNCTION trust.approver_made_nothing();
CREATE TRIGGER audit_anchor_append_only BEFORE DELETE OR UPDATE ON trust.audit_anchor FOR EACH ROW EXECUTE FUNCTION trust.audit_is_append_only();
CREATE TRIGGER audit_anchor_not_truncated BEFORE TRUNCATE ON trust.audit_anchor FOR EACH STATEMENT EXECUTE FUNCTION trust.audit_is_append_only();
CREATE TRIGGER audit_entry_append_only BEFORE DELETE OR UPDATE ON trust.audit_entry FOR EACH ROW EXECUTE FUNCTION trust.audit_is_append_only();
CREATE TRIGGER audit_entry_not_truncated BEFORE TRUNCATE ON trust.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION trust.audit_is_append_only();
CREATE TRIGGER newest_consent_counts BEFORE UPDATE ON trust.consent FOR EACH ROW EXECUTE FUNCTION trust.newest_consent_counts();
CREATE TRIGGER append_only BEFORE UPDATE ON trust.consent_record FOR EACH STATEMENT EXECUTE FUNCTION trust.refuse_consent_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON trust.document FOR EACH STATEMENT EXECUTE FUNCTION trust.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON trust.draft FOR EACH STATEMENT EXECUTE FUNCTION trust.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON trust.draft_author FOR EACH STATEMENT EXECUTE FUNCTION trust.refuse_change();
CREATE TRIGGER approver_made_nothing BEFORE INSERT ON trust.draft_author FOR EACH ROW EXECUTE FUNCTION trust.approver_made_nothing();
CREATE TRIGGER approved_draft_is_closed BEFORE INSERT OR DELETE OR UPDATE ON trust.draft_document FOR EACH ROW EXECUTE FUNCTION trust.approved_draft_is_closed();
CREATE TRIGGER draft_has_author AFTER INSERT OR UPDATE ON trust.draft_document FOR EACH ROW EXECUTE FUNCTION trust.draft_has_author();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON trust.draft_withdrawal FOR EACH STATEMENT EXECUTE FUNCTION trust.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON trust.item FOR EACH STATEMENT EXECUTE FUNCTION trust.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON trust.restart FOR EACH STATEMENT EXECUTE FUNCTION trust.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON trust.restart_confirmation FOR EACH STATEMENT EXECUTE FUNCTION trust.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON trust.review_request FOR EACH STATEMENT EXECUTE FUNCTION trust.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON trust.revision FOR EACH STATEMENT EXECUTE FUNCTION trust.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON trust.revision_document FOR EACH STATEMENT EXECUTE FUNCTION trust.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON trust.stop FOR EACH STATEMENT EXECUTE FUNCTION trust.refuse_change();
