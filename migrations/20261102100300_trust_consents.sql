create schema if not exists trust;

-- What a customer agreed to. The history is append-only and ordered by the customer's own version, taken under the
-- customer's lock; the current state is kept beside it so that a decision reads one short range of one index.

create table trust.consent_record (
  customer_id bigint not null,
  version bigint not null,
  purpose text not null check (purpose in ('marketing', 'profiling', 'payment_data')),
  -- 'all': the purpose as such.
  channel text not null check (channel in ('all', 'email', 'sms', 'push', 'call', 'post')),
  state text not null check (state in ('given', 'withdrawn', 'objected')),
  evidence jsonb not null,
  -- Of a minor: the eighteenth birthday, on which what was given ends and consent starts afresh.
  ends_on date,
  recorded_by text not null,
  recorded_at timestamptz not null,
  primary key (customer_id, version, purpose, channel),
  -- Only marketing is agreed to by channel.
  constraint channels_are_for_marketing check (purpose = 'marketing' or channel = 'all'),
  -- Marketing as such can be objected to and the objection taken back; what is agreed to is a channel.
  constraint consent_shows_its_evidence check (jsonb_typeof(evidence) = 'object' and evidence ? 'how')
);
comment on table trust.consent_record is 'class: customer | every consent given, withdrawn or objected to, with its evidence; append-only';
comment on column trust.consent_record.customer_id is 'personal: proof of consent; retention: 6 years after the customer left';
comment on column trust.consent_record.evidence is 'personal: proof of consent; retention: 6 years after the customer left';
comment on column trust.consent_record.ends_on is 'personal: proof of consent; retention: 6 years after the customer left';
comment on column trust.consent_record.recorded_by is 'personal: accountability of staff; retention: 6 years after the customer left';

-- One row per customer, since every decision reads it: 'given', 'withdrawn', 'objected', or null when never said.
create table trust.consent (
  customer_id bigint primary key,
  -- Of the last statement; the customer's own, from platform.stream.
  version bigint not null,
  marketing text check (marketing in ('given', 'withdrawn', 'objected')),
  email text check (email in ('given', 'withdrawn', 'objected')),
  sms text check (sms in ('given', 'withdrawn', 'objected')),
  push text check (push in ('given', 'withdrawn', 'objected')),
  call text check (call in ('given', 'withdrawn', 'objected')),
  post text check (post in ('given', 'withdrawn', 'objected')),
  profiling text check (profiling in ('given', 'withdrawn', 'objected')),
  payment_data text check (payment_data in ('given', 'withdrawn', 'objected')),
  -- What is given here counts no longer from this day on; what was refused still does.
  ends_on date,
  recorded_at timestamptz not null
);
comment on table trust.consent is 'class: customer | what each customer agrees to now';
comment on column trust.consent.customer_id is 'personal: consent; retention: 6 years after the customer left';
comment on column trust.consent.ends_on is 'personal: consent of minors; retention: until the eighteenth birthday';
comment on column trust.consent.email is 'not personal: a state of consent, not an address';

-- What a statement still stands for on a day: a consent given in childhood is over, an objection is not.
create function trust.still_said(said text, ends_on date, today date) returns text language sql immutable as $$
  select case when said = 'given' and ends_on <= today then null else said end
$$;

create table trust.suppression (
  medium text not null check (medium in ('email', 'phone')),
  address_digest bytea not null check (length(address_digest) = 32),
  evidence jsonb not null,
  suppressed_by text not null,
  suppressed_at timestamptz not null,
  primary key (medium, address_digest)
);
comment on table trust.suppression is 'class: look-up | addresses that are never to be used again, as keyed digests';
comment on column trust.suppression.address_digest is 'personal: keeping an opt-out; retention: for ever, as a keyed digest';
comment on column trust.suppression.evidence is 'personal: proof of the opt-out; retention: for ever, without the address';
comment on column trust.suppression.suppressed_by is 'personal: accountability of staff; retention: for ever';

create function trust.refuse_consent_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    raise exception 'trust.consent_record is append-only: record a new consent instead' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger append_only before update on trust.consent_record execute function trust.refuse_consent_change();

-- A consent that a later version has overtaken is not written back by somebody who was slower.
create function trust.newest_consent_counts() returns trigger language plpgsql as $$
begin
  if new.version <= old.version then
    raise exception 'consent of version % would overtake version %', new.version, old.version using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger newest_consent_counts before update on trust.consent
  for each row execute function trust.newest_consent_counts();

-- From which version to which a customer's channel was closed to marketing by the customer's own word: what no claim
-- of a contact may lie inside of (invariant I5). A null end: closed until now.
create view trust.closed_to_marketing as
select r.customer_id,
       r.channel,
       r.version as from_version,
       (select min(g.version) from trust.consent_record g
         where g.customer_id = r.customer_id and g.purpose = 'marketing' and g.channel = r.channel
           and g.state = 'given' and g.version > r.version) as to_version
  from trust.consent_record r
 where r.purpose = 'marketing' and r.state in ('withdrawn', 'objected');
