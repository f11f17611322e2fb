-- What is live about a customer (who they are, what they hold, their standings), as of one day, ready to be read by key:
-- kept beside the profile for everybody by each computation. Whatever changes it afterwards is noted in the transaction
-- that changes it, and who is noted is read from the tables themselves until the next computation.
create table know.living (
  customer_id bigint not null,
  generation int not null,
  facts json not null,
  primary key (customer_id, generation)
) partition by list (generation);
comment on table know.living is 'class: customer | what is live about each customer on one day, ready to be read; one row per customer and generation';
comment on column know.living.facts is 'personal: service; retention: replaced at every computation';

-- A change by a transaction whose work the snapshot of a generation does not see. Only added to: a note never waits for
-- another transaction's.
create table know.living_change (
  -- 0: everybody.
  customer_id bigint not null,
  xact xid8 not null default pg_current_xact_id(),
  primary key (customer_id, xact)
);
comment on table know.living_change is 'class: customer | whose live facts changed after they were put ready, and by which transaction';

alter table know.profile_set
  add column living_on date,
  add column living_snapshot pg_snapshot,
  add constraint profile_set_living_check check ((living_on is null) = (living_snapshot is null));

-- Before a transaction changes very many: one note for all of them, instead of one for each.
create function know.living_of_everybody() returns void language plpgsql as $$
begin
  insert into know.living_change (customer_id) values (0) on conflict do nothing;
  perform set_config('know.living_of_everybody', 'on', true);
end $$;

create function know.note_living() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    insert into know.living_change (customer_id) values (old.customer_id) on conflict do nothing;
  end if;
  if tg_op <> 'DELETE' then
    insert into know.living_change (customer_id) values (new.customer_id) on conflict do nothing;
  end if;
  return null;
end $$;

-- A holding concerns everybody who has a part in it.
create function know.note_living_of_holding() returns trigger language plpgsql as $$
declare
  changed know.holding := case when tg_op = 'DELETE' then old else new end;
begin
  insert into know.living_change (customer_id)
  select distinct r.customer_id from know.holding_role r
   where r.holding_id = changed.holding_id and r.holder_customer_id = changed.customer_id
  on conflict do nothing;
  return null;
end $$;

create function know.note_living_emptied() returns trigger language plpgsql as $$
begin
  perform know.living_of_everybody();
  return null;
end $$;

do $$
declare
  changed text;
begin
  foreach changed in array array['customer', 'holding', 'holding_role', 'standing', 'relation'] loop
    execute format(
      'create trigger notes_living after insert or update or delete on know.%I for each row
         when (current_setting(''know.living_of_everybody'', true) is distinct from ''on'')
         execute function know.%I()',
      changed, case when changed = 'holding' then 'note_living_of_holding' else 'note_living' end);
    execute format(
      'create trigger notes_living_emptied after truncate on know.%I execute function know.note_living_emptied()', changed);
  end loop;
end $$;
