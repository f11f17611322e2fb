create schema if not exists decide;

-- Who is in which arm of which experiment in which period. Never changed: a redraw is a new period, and people of two
-- arms who turn out to be one household leave the analysis (decide.assignment_exit) and keep their arms.
create table decide.assignment (
  customer_id  bigint not null,
  experiment   text not null,
  -- '2026' for one that is drawn anew each year, 'all' for one that is not.
  period       text not null,
  -- The household that was hashed; null: the person lives in none that we know, and was hashed alone.
  household_id bigint,
  arm          text not null check (arm in ('control', 'treated')),
  assigned_at  timestamptz not null,
  primary key (customer_id, experiment, period)
);
comment on table decide.assignment is 'class: customer | the arm of each customer in each experiment and period';
comment on column decide.assignment.customer_id is 'personal: experiments; retention: 3 years after the period';
comment on column decide.assignment.household_id is 'personal: experiments; retention: 3 years after the period';

create table decide.assignment_exit (
  customer_id bigint not null,
  experiment  text not null,
  period      text not null,
  reason      text not null check (reason in ('household_of_two_arms', 'merged_with_other_arm')),
  left_at     timestamptz not null,
  primary key (customer_id, experiment, period),
  foreign key (customer_id, experiment, period) references decide.assignment (customer_id, experiment, period)
);
comment on table decide.assignment_exit is 'class: customer | who is out of the analysis of an experiment, and why';
comment on column decide.assignment_exit.customer_id is 'personal: experiments; retention: 3 years after the period';
