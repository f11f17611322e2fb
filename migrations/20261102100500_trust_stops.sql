create schema if not exists trust;

create table trust.stop (
  stop_id uuid primary key,
  scope text not null check (scope in ('everything', 'action', 'template', 'channel')),
  target text not null check ((scope = 'everything') = (target = '')),
  reason text not null check (length(reason) between 1 and 2000),
  stopped_by text not null,
  stopped_at timestamptz not null
);
comment on table trust.stop is 'class: reference | emergency stops: who, when, why';
comment on column trust.stop.stopped_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';

create table trust.restart (
  restart_id uuid primary key,
  stop_id uuid not null unique references trust.stop,
  reason text not null check (length(reason) between 1 and 2000),
  proposed_by text not null,
  proposed_at timestamptz not null,
  unique (restart_id, stop_id, proposed_by)
);
comment on table trust.restart is 'class: reference | somebody asks that what was stopped may start again';
comment on column trust.restart.proposed_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';

create table trust.restart_confirmation (
  stop_id uuid primary key references trust.stop,
  restart_id uuid not null,
  proposed_by text not null,
  confirmed_by text not null,
  confirmed_at timestamptz not null,
  foreign key (restart_id, stop_id, proposed_by) references trust.restart (restart_id, stop_id, proposed_by),
  constraint starting_again_takes_two check (confirmed_by <> proposed_by)
);
comment on table trust.restart_confirmation is 'class: reference | a second person agrees: from here on the stop is over';
comment on column trust.restart_confirmation.proposed_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
comment on column trust.restart_confirmation.confirmed_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';

-- One row, counted up under its lock by every stop and start, so that the order of versions is the order of commits.
create table trust.stops_version (
  one boolean primary key default true check (one),
  version bigint not null
);
comment on table trust.stops_version is 'class: reference | the version of the stops in force';
insert into trust.stops_version (version) values (0);

create trigger append_only before update or delete or truncate on trust.stop execute function trust.refuse_change();
create trigger append_only before update or delete or truncate on trust.restart_confirmation execute function trust.refuse_change();
create trigger append_only before update or delete or truncate on trust.restart execute function trust.refuse_change();
