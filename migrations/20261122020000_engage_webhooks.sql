create schema if not exists engage;

-- Where other systems want to be told. The secret that signs is not kept: it follows from the bank's key and its number.
create table engage.webhook (
  webhook_id uuid primary key,
  title text not null check (length(title) between 1 and 160),
  url text not null check (length(url) <= 2000),
  types text[] not null check (cardinality(types) between 1 and 20),
  state text not null default 'on' check (state in ('on', 'off')),
  secret_number int not null default 1 check (secret_number > 0),
  -- When the secret before this one stops signing too.
  old_secret_until timestamptz,
  -- Failures in a row that were the receiver's as such, and until when it is left alone for them.
  failures int not null default 0 check (failures >= 0),
  resumes_at timestamptz,
  made_by text not null,
  made_at timestamptz not null
);
comment on table engage.webhook is 'class: reference | where other systems are told of what happens';
comment on column engage.webhook.made_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';

-- One row per event and webhook, written in the transaction in which the event happened, or by the message about it.
-- The key makes a repetition have no effect; sequence is the order of one customer.
create table engage.webhook_delivery (
  customer_id bigint not null,
  webhook_id uuid not null references engage.webhook (webhook_id) on delete cascade,
  event_id uuid not null,
  sequence bigint generated always as identity,
  type text not null,
  body text not null,
  happened_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'set_aside')),
  attempts int not null default 0 check (attempts >= 0),
  due_at timestamptz not null,
  leased_until timestamptz,
  fence bigint not null default 0,
  last_status int,
  last_reason text,
  last_at timestamptz,
  primary key (customer_id, webhook_id, event_id)
);
comment on table engage.webhook_delivery is 'class: customer | events on their way to other systems, and what became of them; kept 30 days after delivery';
comment on column engage.webhook_delivery.customer_id is 'personal: telling the bank''s other systems; retention: 30 days after delivery';
comment on column engage.webhook_delivery.body is 'personal: telling the bank''s other systems; retention: 30 days after delivery';
create index webhook_delivery_due on engage.webhook_delivery (due_at, sequence) where state = 'waiting';
create index webhook_delivery_order on engage.webhook_delivery (webhook_id, customer_id, sequence) where state = 'waiting';
create index webhook_delivery_log on engage.webhook_delivery (webhook_id, sequence desc);
create sequence engage.webhook_fence_seq cache 1;
