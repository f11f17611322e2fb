create schema if not exists platform;

-- Work that outlives a request. A running job is a lease in database time: when its server dies, another takes it up
-- within the lease, with the progress it had recorded. The fence makes a server that comes back too late harmless.
create table platform.job (
  job_id uuid primary key,
  name text not null,
  -- What the work is, by meaning: two requests for the same work while it is not over are one job.
  key text not null,
  payload jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  progress jsonb,
  result jsonb,
  attempts int not null default 0,
  attempts_max int not null default 5 check (attempts_max > 0),
  due_at timestamptz not null default clock_timestamp(),
  leased_until timestamptz,
  fence bigint not null default 0,
  error text,
  cancel_asked_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz
);
comment on table platform.job is 'class: local | work that outlives a request';
comment on column platform.job.payload is 'personal: naming whom the work is about, by id; retention: 30 days after its end';
comment on column platform.job.error is 'personal: finding the fault, may quote a value; retention: 30 days after its end';
create unique index job_key on platform.job (name, key) where state in ('waiting', 'running');
create index job_due on platform.job (due_at) where state in ('waiting', 'running');
create index job_ended on platform.job (ended_at) where ended_at is not null;

-- The last slot of each schedule that was turned into a job, so that a slot becomes one job however many servers run.
create table platform.job_schedule (
  name text primary key,
  slot text not null
);
comment on table platform.job_schedule is 'class: local | the last slot of each schedule that became a job';
