create schema if not exists trust;

create table trust.bank_key (
  name text primary key,
  key bytea not null check (length(key) = 32)
);
comment on table trust.bank_key is 'class: reference | secret keys of this bank for keyed digests; never leave the database and its backups';
-- Three random UUIDs carry 366 bits of the system's randomness; their hash is the key.
insert into trust.bank_key (name, key)
values ('digest', sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
