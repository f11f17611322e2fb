create schema if not exists trust;

-- People of the bank who may sign in. A person is closed, never deleted: what they did stays theirs.
create table trust.person (
  person_id uuid primary key,
  login text not null unique check (login = lower(login)),
  name text not null,
  -- Their own record as a customer of the bank, which they may not open themselves.
  customer_id bigint,
  created_at timestamptz not null,
  created_by text not null
);
comment on table trust.person is 'class: reference | people of the bank who may sign in';
comment on column trust.person.login is 'personal: signing in; retention: employment and 2 years';
comment on column trust.person.name is 'personal: showing colleagues who did what; retention: employment and 2 years';
comment on column trust.person.customer_id is 'personal: keeping staff from their own record; retention: employment and 2 years';

create table trust.person_closure (
  person_id uuid primary key references trust.person,
  closed_at timestamptz not null,
  closed_by text not null,
  reason text not null
);
comment on table trust.person_closure is 'class: reference | people who may no longer sign in';

create table trust.person_role (
  person_id uuid not null references trust.person,
  role text not null,
  granted_at timestamptz not null,
  granted_by text not null,
  primary key (person_id, role)
);
comment on table trust.person_role is 'class: reference | roles of people';

-- Which customers a person answers for. Kind 'bank' with code '*' is everybody; no row at all is nobody.
create table trust.person_scope (
  person_id uuid not null references trust.person,
  kind text not null check (kind in ('bank', 'branch', 'team', 'portfolio')),
  code text not null check ((kind = 'bank') = (code = '*')),
  granted_at timestamptz not null,
  granted_by text not null,
  primary key (person_id, kind, code)
);
comment on table trust.person_scope is 'class: reference | branches, teams and portfolios that people answer for';

create table trust.password (
  person_id uuid primary key references trust.person,
  hash text not null,
  -- A password somebody else has seen opens nothing but its own change.
  must_change boolean not null,
  set_at timestamptz not null
);
comment on table trust.password is 'class: reference | argon2id hashes of local passwords';

create table trust.outside_identity (
  issuer text not null,
  subject text not null,
  person_id uuid not null references trust.person,
  linked_at timestamptz not null,
  primary key (issuer, subject)
);
comment on table trust.outside_identity is 'class: reference | people as the bank''s identity provider knows them';
comment on column trust.outside_identity.subject is 'personal: recognising a person at sign-in; retention: employment and 2 years';

-- Failed sign-ins by a digest of the login given, known or not: the answer to both is the same.
create table trust.sign_in_failure (
  login_digest text primary key,
  failures int not null,
  locked_until timestamptz,
  last_at timestamptz not null
);
comment on table trust.sign_in_failure is 'class: look-up | failed sign-ins, and until when the next is refused';

-- A sign-in on its way to the identity provider and back, 10 minutes at most, used once.
create table trust.sign_in_started (
  state_digest text primary key,
  verifier text not null,
  nonce text not null,
  browser_digest text not null,
  started_at timestamptz not null
);
comment on table trust.sign_in_started is 'class: look-up | sign-ins on their way to the identity provider';

create table trust.session (
  session_digest text primary key,
  person_id uuid not null references trust.person,
  begun_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_why text
);
comment on table trust.session is 'class: look-up | signed-in people; only digests of the secrets they hold';
create index session_person on trust.session (person_id) where ended_at is null;

-- Keys of other systems. Only a digest is kept; the prefix tells keys apart in lists.
create table trust.api_key (
  key_id uuid primary key,
  prefix text not null,
  digest text not null unique,
  title text not null,
  permissions text[] not null,
  scope jsonb not null,
  created_at timestamptz not null,
  created_by text not null,
  expires_at timestamptz not null
);
comment on table trust.api_key is 'class: look-up | keys of other systems';

create table trust.api_key_revocation (
  key_id uuid primary key references trust.api_key,
  revoked_at timestamptz not null,
  revoked_by text not null,
  reason text not null
);
comment on table trust.api_key_revocation is 'class: look-up | keys that no longer open anything';

-- Records that not everyone in scope may open. A person may be under several seals: all must be open to the reader.
create table trust.seal (
  customer_id bigint not null,
  kind text not null check (kind in ('staff', 'vip', 'vulnerable')),
  reason text not null,
  sealed_at timestamptz not null,
  sealed_by text not null,
  primary key (customer_id, kind)
);
comment on table trust.seal is 'class: customer | records that only some may open, with a reason';
comment on column trust.seal.kind is 'personal: keeping the record from those who need not see it; retention: as the customer''s record';
comment on column trust.seal.reason is 'personal: why the record is sealed; retention: as the customer''s record';
comment on column trust.person.created_by is 'personal: accountability of staff; retention: employment and 2 years';
comment on column trust.person_closure.closed_by is 'personal: accountability of staff; retention: employment and 2 years';
comment on column trust.person_closure.reason is 'personal: accountability of staff; retention: employment and 2 years';
comment on column trust.person_role.granted_by is 'personal: accountability of staff; retention: employment and 2 years';
comment on column trust.person_scope.granted_by is 'personal: accountability of staff; retention: employment and 2 years';
comment on column trust.api_key.created_by is 'personal: accountability of staff; retention: employment and 2 years';
comment on column trust.api_key_revocation.revoked_by is 'personal: accountability of staff; retention: employment and 2 years';
comment on column trust.seal.sealed_by is 'personal: accountability of staff; retention: employment and 2 years';
