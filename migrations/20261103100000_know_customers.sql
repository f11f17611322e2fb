create schema if not exists know;

-- Names are searched without accents and case. NFKD parts an accent from its letter; the letters that do not come
-- apart (Polish l with stroke, Danish o with stroke…) are folded by hand. Immutable, so that it can be indexed.
create function know.fold(name text) returns text language sql immutable parallel safe strict as $$
  select translate(lower(regexp_replace(normalize(name, nfkd), '[\u0300-\u036f]', '', 'g')), 'łøđðþıœæß’''', 'lodđtioas')
$$;

-- Telephone numbers are compared by their digits; the international prefix 00 is the same as +.
create function know.digits(phone text) returns text language sql immutable parallel safe strict as $$
  select regexp_replace(regexp_replace(phone, '[^0-9]', '', 'g'), '^00', '')
$$;

create sequence know.customer_id_seq as bigint cache 1;
create sequence know.holding_id_seq as bigint cache 1;
create sequence know.household_id_seq as bigint cache 1;

create table know.customer (
  customer_id   bigint primary key,
  kind          text not null default 'person' check (kind in ('person', 'business')),
  stage         text not null default 'customer' check (stage in ('prospect', 'customer', 'former')),
  given_name    text,
  family_name   text,
  full_name     text,
  birth_on      date,
  sex           text check (sex in ('female', 'male', 'other')),
  email         text,
  phone         text,
  address_line  text,
  city          text,
  postcode      text,
  country       text,
  language      text,
  household_id  bigint,
  branch_code   text,
  team_code     text,
  portfolio_code text,
  since_on      date,
  left_on       date,
  -- Who told us: the source document whose row made this customer, or the actor of a verb.
  source        text not null default 'staff',
  -- The business date of the last row applied: an older file must not overwrite what a newer one said.
  known_on      date,
  version       bigint not null default 1,
  updated_at    timestamptz not null default now()
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

create index customer_by_family_name on know.customer
  (know.fold(coalesce(family_name, '') || ' ' || coalesce(given_name, '')) text_pattern_ops) where family_name is not null;
create index customer_by_full_name on know.customer (know.fold(full_name) text_pattern_ops) where full_name is not null;
create index customer_by_email on know.customer (lower(email) text_pattern_ops) where email is not null;
create index customer_by_phone on know.customer (know.digits(phone)) where phone is not null;
create index customer_by_birth on know.customer (birth_on) where birth_on is not null;
create index customer_by_household on know.customer (household_id) where household_id is not null;

create table know.customer_key (
  source      text not null,
  external_id text not null,
  customer_id bigint not null,
  primary key (source, external_id)
);
comment on table know.customer_key is 'class: look-up | purpose: a source''s own id of a person or business, to our customer';
comment on column know.customer_key.external_id is 'personal: identity; retention: as know.customer';
comment on column know.customer_key.customer_id is 'personal: identity; retention: as know.customer';
create index customer_key_by_customer on know.customer_key (customer_id);

create table know.holding (
  customer_id      bigint not null,
  holding_id       bigint not null,
  product          text not null,
  -- The number people know it by: account number, IBAN, contract number.
  number           text,
  status           text not null default 'open' check (status in ('pending', 'open', 'closed')),
  opened_on        date,
  closed_on        date,
  currency         text not null check (currency ~ '^[A-Z]{3}$'),
  -- The customer's view: deposits positive, debts negative; null when the source tells none.
  balance_minor    bigint,
  balance_on       date,
  limit_minor      bigint,
  rate_bp          integer,
  term_months      integer,
  instalment_minor bigint,
  matures_on       date,
  arrears_since_on date,
  details          jsonb not null default '{}',
  source           text not null default 'staff',
  known_on         date,
  updated_at       timestamptz not null default now(),
  primary key (customer_id, holding_id),
  check (closed_on is null or opened_on is null or closed_on >= opened_on)
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
create index holding_by_id on know.holding (holding_id);
create index holding_by_number on know.holding (number) where number is not null;

create table know.holding_key (
  source      text not null,
  external_id text not null,
  customer_id bigint not null,
  holding_id  bigint not null,
  primary key (source, external_id)
);
comment on table know.holding_key is 'class: look-up | purpose: a source''s own id of a holding, to ours and its first owner';
comment on column know.holding_key.external_id is 'personal: identity; retention: as know.holding';
comment on column know.holding_key.customer_id is 'personal: identity; retention: as know.holding';

-- One row per person and holding and role, dated: the first owner has one too. customer_id is the person.
create table know.holding_role (
  customer_id        bigint not null,
  holding_id         bigint not null,
  role               text not null check (role in ('owner', 'user', 'guardian', 'attorney', 'executor', 'guarantor', 'director')),
  authority          text not null check (authority in ('sole', 'either', 'both', 'limited', 'none')),
  -- The person's share of the holding's value, in basis points of 10,000; 0 for everyone who does not own.
  share_bp           integer not null default 0 check (share_bp between 0 and 10000),
  from_on            date not null,
  to_on              date,
  holder_customer_id bigint not null,
  source             text not null default 'staff',
  primary key (customer_id, holding_id, role, from_on),
  check (to_on is null or to_on >= from_on),
  check (role = 'owner' or share_bp = 0)
);
comment on table know.holding_role is 'class: customer | purpose: who may do what with a holding, since when and until when';
comment on column know.holding_role.customer_id is 'personal: authority; retention: 10 years after to_on';
comment on column know.holding_role.holder_customer_id is 'personal: authority; retention: 10 years after to_on';
create index holding_role_by_holding on know.holding_role (holding_id);

create table know.standing (
  customer_id bigint not null,
  standing_id uuid not null,
  standing    text not null check (standing in ('minor', 'deceased_notified', 'represented', 'in_collections', 'forborne',
                'complaint_open', 'bereaved', 'crime_block', 'stretched', 'support_need', 'arrears', 'staff', 'vip', 'dormant')),
  effect      text not null check (effect in ('stop_all', 'service_only', 'care_only', 'no_credit', 'none')),
  from_on     date not null,
  to_on       date,
  reason      text not null,
  source      text not null,
  noted_by    text not null,
  noted_at    timestamptz not null,
  ended_by    text,
  ended_at    timestamptz,
  end_reason  text,
  primary key (customer_id, standing_id),
  check (to_on is null or to_on >= from_on)
);
comment on table know.standing is 'class: customer | purpose: what is so about a customer, since when, and what it stops';
comment on column know.standing.customer_id is 'personal: protection; retention: 10 years after to_on';
comment on column know.standing.standing is 'personal: protection, restricted; retention: 10 years after to_on';
comment on column know.standing.reason is 'personal: protection, restricted; retention: 10 years after to_on';
comment on column know.standing.end_reason is 'personal: protection, restricted; retention: 10 years after to_on';

create table know.relation (
  customer_id       bigint not null,
  other_customer_id bigint not null,
  relation          text not null check (relation in ('partner', 'parent', 'child', 'guardian', 'ward', 'attorney', 'principal',
                      'director', 'owner', 'business', 'relative')),
  from_on           date not null,
  to_on             date,
  source            text not null default 'staff',
  primary key (customer_id, other_customer_id, relation, from_on),
  check (customer_id <> other_customer_id)
);
comment on table know.relation is 'class: customer | purpose: who belongs to whom: partners, parents, attorneys, directors and their businesses';
comment on column know.relation.customer_id is 'personal: relations; retention: 10 years after to_on';
comment on column know.relation.other_customer_id is 'personal: relations; retention: 10 years after to_on';

create table know.household (
  household_id bigint primary key,
  since_on     date,
  source       text not null default 'staff'
);
comment on table know.household is 'class: reference | purpose: people who share a home: one letter each, one arm of an experiment';

create table know.household_key (
  source       text not null,
  external_id  text not null,
  household_id bigint not null,
  primary key (source, external_id)
);
comment on table know.household_key is 'class: look-up | purpose: a source''s own id of a household, to ours';
comment on column know.household_key.external_id is 'personal: identity; retention: as know.customer';

create table know.branch (
  branch_code text primary key,
  name        text not null,
  region      text,
  details     jsonb not null default '{}',
  source      text not null default 'staff'
);
comment on table know.branch is 'class: reference | purpose: where the bank is: branches and districts';

-- A bank whose files end on a past date is read as of that date: nothing later is visible to attributes or decisions.
create table know.horizon (
  one    boolean primary key default true check (one),
  as_of  date not null,
  set_by text not null,
  set_at timestamptz not null
);
comment on table know.horizon is 'class: reference | purpose: the date after which nothing is visible; no row: today';

comment on column know.standing.noted_by is 'personal: accountability of staff; retention: as long as the standing';
comment on column know.standing.ended_by is 'personal: accountability of staff; retention: as long as the standing';
comment on column know.horizon.set_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
