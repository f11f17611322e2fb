create schema if not exists platform;

-- A copy that was brought back knows nothing of what was sent after it was taken. Until the providers' own records have
-- been compared, sending again is more likely than not.
create table platform.restored (
  restored_at timestamptz primary key default clock_timestamp(),
  taken_at timestamptz not null,
  -- When what providers had sent was compared with what is known here; null holds back every outbound send.
  reconciled_at timestamptz,
  check (reconciled_at >= restored_at)
);
comment on table platform.restored is 'class: local | copies that were brought back, and whether providers were asked what they had sent since';
