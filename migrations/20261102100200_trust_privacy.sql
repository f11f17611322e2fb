create schema if not exists trust;

create table trust.bank_key (
  name text primary key,
  key bytea not null check (length(key) >= 32),
  made_at timestamptz not null default clock_timestamp()
);
comment on table trust.bank_key is 'class: reference | secret keys of this bank for keyed digests; never leaves the database';

create table trust.customer_salt (
  customer_id bigint primary key,
  salt bytea not null check (length(salt) = 16)
);
comment on table trust.customer_salt is 'class: customer | one salt per customer: with it gone, digests about the customer tell nothing';
comment on column trust.customer_salt.customer_id is 'personal: unlinkable digests; retention: until erasure';
comment on column trust.customer_salt.salt is 'personal: unlinkable digests; retention: until erasure';
