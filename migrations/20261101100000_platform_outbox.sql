create schema if not exists platform;

-- One row per customer: everything that happens to a customer is ordered by the version taken here under the row's
-- lock. A timestamp cannot do that: two transactions may read the clock in one order and commit in the other.
-- Customer 0 is the bank itself: what happens to no customer in particular.
create table platform.stream (
  customer_id bigint primary key,
  version bigint not null check (version > 0)
) with (fillfactor = 70);
comment on table platform.stream is 'class: customer | the version that orders everything that happens to a customer';

-- What was said and is not yet heard by all who subscribed. Written in the transaction of the state it speaks of.
create table platform.outbox (
  customer_id bigint not null,
  version bigint not null,
  sequence bigint generated always as identity,
  type text not null,
  payload jsonb not null,
  -- Subscriptions that have handled it already: a retry for one is not a repeat for the others.
  done text[] not null default '{}',
  -- Given again to one subscription only, after having been set aside.
  only_for text,
  primary key (customer_id, version, sequence)
);
comment on table platform.outbox is 'class: customer | messages on their way, gone once handled';
comment on column platform.outbox.payload is 'personal: telling other modules what happened; retention: until handled, seconds as a rule';

-- Whose turn it is: one row per customer with messages on the way. A relay claims customers, not messages, which is
-- what keeps one customer's messages in order. It claims by due_at, never by "later than the last one seen": a
-- sequence number that commits late would be passed over.
create table platform.outbox_turn (
  customer_id bigint primary key,
  -- The latest version published. A relay that has handled up to an earlier one must come back.
  through bigint not null,
  -- In database time: when the customer may be claimed. A claim moves it to the end of its lease, a failure to the
  -- end of its back-off.
  due_at timestamptz not null default clock_timestamp(),
  -- Fencing token of the last claim: a relay that was paused past its lease can no longer finish anything.
  fence bigint not null default 0,
  attempts int not null default 0
) with (fillfactor = 70);
comment on table platform.outbox_turn is 'class: customer | customers with messages on the way, and who is delivering them';
create index outbox_turn_due_at on platform.outbox_turn (due_at);

create sequence platform.fence_seq cache 1;

-- Messages that a subscription could not handle in any of its attempts: nothing is lost, and each can be given again.
create table platform.set_aside (
  customer_id bigint not null,
  version bigint not null,
  sequence bigint not null,
  subscription text not null,
  type text not null,
  payload jsonb not null,
  attempts int not null,
  reason text not null,
  set_aside_at timestamptz not null default clock_timestamp(),
  primary key (customer_id, version, sequence, subscription)
);
comment on table platform.set_aside is 'class: customer | messages a subscription could not handle, with the reason';
comment on column platform.set_aside.payload is 'personal: giving the message again; retention: until given again or erased';
comment on column platform.set_aside.reason is 'personal: finding the fault, may quote a value; retention: until given again or erased';
