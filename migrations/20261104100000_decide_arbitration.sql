create schema if not exists decide;

-- What was learned: offers seen and offers taken, per treatment and the channel it was seen on. Counts only grow, by
-- increments in SQL, so that two servers learn into one row without losing any.
create table decide.propensity (
  action     text not null,
  treatment  text not null,
  channel    text not null,
  offered    bigint not null default 0 check (offered >= 0),
  accepted   bigint not null default 0 check (accepted between 0 and offered),
  updated_at timestamptz not null,
  primary key (action, treatment, channel)
);
comment on table decide.propensity is 'class: reference | offers seen and taken up, per treatment and channel';

-- The counts as they stood when decisions were made with them, named by their own content: two servers with the same
-- counts write the same row. Never changed; that is what lets a decision be replayed after learning has moved on.
create table decide.model (
  model_version text primary key check (length(model_version) = 32),
  counts        json not null,
  taken_at      timestamptz not null
);
comment on table decide.model is 'class: reference | immutable snapshots of the propensities';

-- Which answers have been learned from, and how they ended. Messages come at least once; each counts once.
create table decide.learned (
  customer_id bigint not null,
  contact_id  uuid not null,
  kind        text not null check (kind in ('offered', 'accepted', 'realised', 'unrealised')),
  learned_at  timestamptz not null,
  primary key (customer_id, contact_id, kind)
);
comment on table decide.learned is 'class: customer | which contacts the propensities have counted';
comment on column decide.learned.customer_id is 'personal: contact history; retention: 6 years after the relationship ends';
