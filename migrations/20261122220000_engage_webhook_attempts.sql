-- A paused webhook collects what happens, and sends nothing.
alter table engage.webhook drop constraint webhook_state_check;
alter table engage.webhook add constraint webhook_state_check check (state in ('on', 'paused', 'off'));

-- One row per request that was sent, with what came back: what whoever runs the receiving system looks at first. It
-- goes with its delivery.
create table engage.webhook_attempt (
  customer_id bigint not null,
  webhook_id uuid not null,
  event_id uuid not null,
  attempt_id uuid not null,
  sent_at timestamptz not null,
  took_ms int not null check (took_ms >= 0),
  status int,
  -- Null: it was received.
  reason text,
  -- The beginning of what the receiver answered.
  answer text check (length(answer) <= 2000),
  primary key (customer_id, webhook_id, event_id, attempt_id),
  foreign key (customer_id, webhook_id, event_id)
    references engage.webhook_delivery (customer_id, webhook_id, event_id) on delete cascade
);
comment on table engage.webhook_attempt is 'class: customer | requests to other systems and what they answered; kept as long as the delivery';
comment on column engage.webhook_attempt.customer_id is 'personal: telling the bank''s other systems; retention: 30 days after delivery';
comment on column engage.webhook_attempt.answer is 'personal: telling the bank''s other systems; retention: 30 days after delivery';
create index webhook_attempt_latest on engage.webhook_attempt (webhook_id, attempt_id desc);

-- How each webhook does is asked often: neither answer may look at what was delivered in thirty days.
create index webhook_delivery_set_aside on engage.webhook_delivery (webhook_id, sequence desc) where state = 'set_aside';
create index webhook_delivery_delivered on engage.webhook_delivery (webhook_id, last_at desc) where state = 'delivered';
create index webhook_delivery_event on engage.webhook_delivery (webhook_id, event_id);
