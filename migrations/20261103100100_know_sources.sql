create schema if not exists know;

-- One row per file given. The counts add up (invariant I1): rows_read = applied + duplicate + quarantined once it is settled.
create table know.feed (
  feed_id          bigint generated always as identity primary key,
  source           text not null,
  revision         text not null,
  business_on      date not null,
  file_name        text not null,
  -- SHA-256 of the file's bytes: the same file given again has no effect.
  file_sha256      text not null,
  file_bytes       bigint not null,
  state            text not null check (state in ('reading', 'applying', 'applied', 'unbalanced', 'refused')),
  refused_because  text,
  -- Rows later than this date are quarantined: nothing from after the cut-off is let in.
  as_of            date,
  due_at           timestamptz,
  rows_read        bigint not null default 0,
  rows_applied     bigint not null default 0,
  rows_duplicate   bigint not null default 0,
  rows_quarantined bigint not null default 0,
  control_rows     bigint,
  control_sum_minor bigint,
  found_sum_minor  bigint,
  given_by         text not null,
  given_at         timestamptz not null,
  settled_at       timestamptz
);
comment on table know.feed is 'class: reference | purpose: every file given, its control totals and what became of its rows';
create unique index feed_once on know.feed (source, file_sha256, coalesce(as_of, '9999-12-31'));
create index feed_by_source on know.feed (source, business_on desc);

-- One row per finished step, written in the transaction that did its work: a restart goes on after the last of them.
create table know.feed_step (
  feed_id  bigint not null references know.feed,
  step     text not null,
  facts    jsonb not null default '{}',
  done_at  timestamptz not null default now(),
  primary key (feed_id, step)
);
comment on table know.feed_step is 'class: reference | purpose: how far a feed has been applied';

create table know.feed_row_quarantine (
  feed_id     bigint not null references know.feed,
  line        bigint not null,
  reason      text not null,
  field       text,
  found       text,
  expected    text,
  raw         text not null,
  -- When it was given again, after the mapping was mended, and no longer wrong; until then it is open.
  settled_at  timestamptz,
  primary key (feed_id, line)
);
comment on table know.feed_row_quarantine is 'class: reference | purpose: rows that could not be applied, kept with their reason until they can be given again';
comment on column know.feed_row_quarantine.raw is 'personal: as the source; retention: 90 days after settled_at';
comment on column know.feed_row_quarantine.found is 'personal: as the source; retention: 90 days after settled_at';
create index feed_row_quarantine_open on know.feed_row_quarantine (feed_id, reason) where settled_at is null;

comment on column know.feed.given_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
