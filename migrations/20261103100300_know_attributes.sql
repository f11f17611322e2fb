create schema if not exists know;

-- One computation of every attribute over everybody. The values lie in know.profile under the same generation, and in
-- the lake in the table know.profile_<generation>.
create table know.profile_set (
  generation int generated always as identity primary key,
  attributes_hash text not null,
  as_of date not null,
  -- The attributes whose values know.profile.facts lists, in that order; the others are read fresh when asked.
  stored json not null,
  state text not null check (state in ('building', 'ready', 'retired')),
  -- Of the ready ones with the same definitions, the one that is read.
  current boolean not null default false check (not current or state = 'ready'),
  started_at timestamptz not null,
  ready_at timestamptz,
  customers bigint
);
comment on table know.profile_set is 'class: reference | each computation of the attributes over everybody';
create unique index profile_set_current on know.profile_set (attributes_hash) where current;

-- One partition per generation: a new computation is loaded beside the one in use and then takes its place at once.
-- A customer without a row has every stored attribute absent or at its default.
create table know.profile (
  customer_id bigint not null,
  generation int not null,
  version bigint not null,
  as_of date not null,
  updated_at timestamptz not null,
  facts json not null,
  primary key (customer_id, generation)
) partition by list (generation);
comment on table know.profile is 'class: customer | the attribute values computed over what happened, one row per customer and generation';
comment on column know.profile.facts is 'personal: service; retention: replaced at every computation';

-- The daily buckets of one customer, kept while events arrive for them; built from history at the first.
create table know.running (
  customer_id bigint not null,
  generation int not null,
  version bigint not null,
  buckets json not null,
  primary key (customer_id, generation)
);
comment on table know.running is 'class: customer | daily buckets of the attributes of customers to whom something just happened';
comment on column know.running.buckets is 'personal: service; retention: replaced at every computation';
