create schema if not exists platform;

-- The first answer to each keyed request. The row commits with the effect it names, so an effect without its answer,
-- or an answer without its effect, cannot exist.
create table platform.idempotency (
  actor_id text not null,
  route text not null,
  key text not null,
  digest text not null,
  answer jsonb,
  taken_at timestamptz not null default clock_timestamp(),
  primary key (actor_id, route, key)
);
comment on table platform.idempotency is 'class: look-up | answers to keyed requests, so that a repeated call gets the first answer; kept 7 days';
comment on column platform.idempotency.answer is 'personal: repeating an answer that was lost on the way; retention: 7 days';
create index idempotency_taken_at on platform.idempotency (taken_at);
