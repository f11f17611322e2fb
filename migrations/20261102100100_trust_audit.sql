create schema if not exists trust;

-- The audit is a set of hash chains. One chain would make every customer view in the bank wait for the one before it;
-- with 256, a writer takes any chain that nobody holds and waits for none, so it can never be part of a deadlock.
create table trust.audit_head (
  chain int primary key,
  sequence bigint not null default 0,
  hash bytea not null
) with (fillfactor = 20);
comment on table trust.audit_head is 'class: local | the last row of each chain of the audit';

insert into trust.audit_head (chain, hash)
select n, sha256(convert_to('clientele audit chain ' || n, 'UTF8')) from generate_series(0, 255) n;

create table trust.audit_entry (
  chain int not null,
  sequence bigint not null,
  at timestamptz not null,
  actor_kind text not null,
  actor_id text not null,
  action text not null,
  -- Salted digests of the customers it was about. Without the salt, which can be erased, they say nothing.
  customers text[] not null,
  subject text,
  -- Salted digest of the reason; its words lie in trust.audit_note, which can be erased.
  reason text,
  facts jsonb not null,
  hash bytea not null,
  primary key (chain, sequence)
);
comment on table trust.audit_entry is 'class: local | who did or saw what and when, append-only: ids and salted digests only';
create index audit_entry_at on trust.audit_entry (at);
create index audit_entry_actor on trust.audit_entry (actor_id, at);
create index audit_entry_customers on trust.audit_entry using gin (customers);

-- The hash of a row covers everything in it and the hash before it.
create function trust.audit_hash(
  previous bytea, chain int, sequence bigint, at timestamptz, actor_kind text, actor_id text, action text,
  customers text[], subject text, reason text, facts jsonb
) returns bytea language sql immutable parallel safe return
  sha256(previous || convert_to(jsonb_build_array(
    chain, sequence, (extract(epoch from at) * 1000000)::bigint, actor_kind, actor_id, action, customers, subject, reason, facts
  )::text, 'UTF8'));

create function trust.audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is append-only: % of % is refused', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;

create trigger audit_entry_append_only before update or delete on trust.audit_entry
  for each row execute function trust.audit_is_append_only();
create trigger audit_entry_not_truncated before truncate on trust.audit_entry
  for each statement execute function trust.audit_is_append_only();

-- What ties the digests to people: erasing a customer's salts leaves the chain whole and anonymous. A transaction that
-- sees no salt of a customer adds its own rather than wait for another's to commit, so a customer may have a few.
create table trust.audit_salt (
  customer_id bigint not null,
  salt bytea not null,
  primary key (customer_id, salt)
);
comment on table trust.audit_salt is 'class: customer | salts of a customer in the audit; erasing them makes their entries anonymous';
comment on column trust.audit_salt.salt is 'personal: finding who saw a customer; retention: until the customer is erased';

-- The words of a reason may name somebody. Customer 0 is the bank itself.
create table trust.audit_note (
  customer_id bigint not null,
  chain int not null,
  sequence bigint not null,
  reason text not null,
  primary key (customer_id, chain, sequence)
);
comment on table trust.audit_note is 'class: customer | the words of a reason, whose digest the audit holds';
comment on column trust.audit_note.reason is 'personal: why a record was opened or changed; retention: until the customer is erased';

-- Heads of all chains at a moment, signed with a key that is not in the database: a tail cut off together with its
-- head row no longer fits the anchor, and an anchor cannot be made again without the key.
create table trust.audit_anchor (
  anchor_id bigint generated always as identity primary key,
  at timestamptz not null,
  heads jsonb not null,
  signature text not null
);
comment on table trust.audit_anchor is 'class: local | signed heads of the chains of the audit';
create trigger audit_anchor_append_only before update or delete on trust.audit_anchor
  for each row execute function trust.audit_is_append_only();
create trigger audit_anchor_not_truncated before truncate on trust.audit_anchor
  for each statement execute function trust.audit_is_append_only();
