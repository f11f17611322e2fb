-- What came of each placement on a day that is over: counted once, so that four weeks are read without their decisions.
create table engage.placement_day (
  day date not null,
  placement text not null,
  asks bigint not null check (asks >= 0),
  filled bigint not null check (filled >= 0),
  impressions bigint not null check (impressions >= 0),
  clicks bigint not null check (clicks >= 0),
  accepted bigint not null check (accepted >= 0),
  refused bigint not null check (refused >= 0),
  put_off bigint not null check (put_off >= 0),
  primary key (day, placement)
);
comment on table engage.placement_day is 'class: reference | how often each placement was asked for on a day of the bank, and what customers did; kept 400 days';
-- Which days were counted: one without a single question leaves no row above.
create table engage.placement_day_counted (
  day date primary key,
  counted_at timestamptz not null
);
comment on table engage.placement_day_counted is 'class: reference | the days of the bank whose placements are counted';
