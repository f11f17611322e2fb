create schema if not exists trust;

-- The playbook. A document is kept once, under the hash of what it says; a revision is a set of such hashes under the
-- hash of the set. Neither ever changes: the triggers below refuse it, whoever asks.

create table trust.document (
  hash text primary key,
  kind text not null,
  id text not null,
  -- The document as canonical JSON: keys in order, no white space. The hash is over exactly this.
  canonical text not null,
  body jsonb not null generated always as (canonical::jsonb) stored,
  -- As its author wrote it, with comments.
  text text not null check (length(text) <= 262144),
  constraint document_is_what_its_hash_says check (hash = encode(sha256(convert_to(canonical, 'UTF8')), 'hex')),
  constraint document_is_named_as_it_says check (body ->> 'kind' = kind and body ->> 'id' = id)
);
comment on table trust.document is 'class: reference | every version of every playbook document, by content';

create table trust.revision (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  documents integer not null,
  made_at timestamptz not null
);
comment on table trust.revision is 'class: reference | immutable sets of playbook documents, by content';

create table trust.revision_document (
  revision text not null references trust.revision (hash),
  kind text not null,
  id text not null,
  document text not null references trust.document (hash),
  primary key (revision, kind, id)
);
comment on table trust.revision_document is 'class: reference | which documents a revision is made of';

create table trust.item (
  item_number bigint generated always as identity primary key,
  kind text not null,
  id text not null,
  registered_at timestamptz not null,
  unique (kind, id)
);
comment on table trust.item is 'class: reference | every id that a playbook ever used, and the number other tables point at; append-only';

create table trust.draft (
  draft_id uuid primary key,
  title text not null check (length(title) between 1 and 160),
  reason text not null check (length(reason) between 1 and 2000),
  -- What the author started from; the third side of the merge.
  base text references trust.revision (hash),
  undoes bigint,
  made_by text not null,
  made_at timestamptz not null,
  unique (draft_id, made_by)
);
comment on table trust.draft is 'class: reference | changes to the playbook that somebody is making';
comment on column trust.draft.made_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';

create table trust.draft_document (
  draft_id uuid not null references trust.draft,
  kind text not null,
  id text not null,
  -- Null: the draft removes this document.
  document text references trust.document (hash),
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (draft_id, kind, id)
);
comment on table trust.draft_document is 'class: reference | the documents a draft writes or removes';
comment on column trust.draft_document.changed_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';

create table trust.draft_author (
  draft_id uuid not null references trust.draft,
  author text not null,
  since timestamptz not null,
  primary key (draft_id, author)
);
comment on table trust.draft_author is 'class: reference | everybody who ever wrote into a draft, also what was overwritten since: none of them approves it';
comment on column trust.draft_author.author is 'personal: accountability of staff; retention: as long as the bank keeps its audit';

create table trust.draft_withdrawal (
  draft_id uuid primary key references trust.draft,
  withdrawn_by text not null,
  withdrawn_at timestamptz not null,
  reason text not null
);
comment on table trust.draft_withdrawal is 'class: reference | drafts given up, and why';
comment on column trust.draft_withdrawal.withdrawn_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';

create table trust.approval (
  approval_id uuid primary key,
  draft_id uuid not null,
  revision text not null references trust.revision (hash),
  -- The activation that was running when it was approved: approved is a change to that, and to nothing later.
  onto_sequence bigint not null,
  made_by text not null,
  approved_by text not null,
  approved_at timestamptz not null,
  note text not null default '',
  foreign key (draft_id, made_by) references trust.draft (draft_id, made_by),
  unique (approval_id, revision),
  unique (draft_id, revision, onto_sequence),
  constraint approval_takes_a_second_person check (approved_by <> made_by)
);
comment on table trust.approval is 'class: reference | a second person''s word for exactly one revision';
comment on column trust.approval.made_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
comment on column trust.approval.approved_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';

create table trust.activation (
  sequence bigint primary key check (sequence > 0),
  revision text not null references trust.revision (hash),
  approval_id uuid unique,
  activated_by text not null,
  activated_at timestamptz not null,
  -- What runs has the hash that was approved. Only the very first revision of an empty bank has no approval.
  foreign key (approval_id, revision) references trust.approval (approval_id, revision),
  constraint activation_needs_an_approval check (approval_id is not null or sequence = 1)
);
comment on table trust.activation is 'class: reference | which revision runs, and ran, in order';
comment on column trust.activation.activated_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';

create table trust.server (
  server_id uuid primary key,
  name text not null,
  started_at timestamptz not null default clock_timestamp(),
  -- Database time: a server whose clock is wrong must not look alive, or dead.
  seen_at timestamptz not null default clock_timestamp(),
  sequence bigint not null default 0
);
comment on table trust.server is 'class: local | servers that run now, by heartbeat';

create table trust.preparation (
  revision text not null references trust.revision (hash),
  server_id uuid not null references trust.server on delete cascade,
  state text not null check (state in ('prepared', 'failed')),
  reason text not null default '',
  prepared_at timestamptz not null default clock_timestamp(),
  primary key (revision, server_id)
);
comment on table trust.preparation is 'class: local | what each server said when it made a revision ready';

create function trust.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'trust.% is append-only: rows are never changed or removed', tg_table_name using errcode = 'restrict_violation';
end $$;

create trigger append_only before update or delete or truncate on trust.document execute function trust.refuse_change();
create trigger append_only before update or delete or truncate on trust.revision execute function trust.refuse_change();
create trigger append_only before update or delete or truncate on trust.revision_document execute function trust.refuse_change();
create trigger append_only before update or delete or truncate on trust.item execute function trust.refuse_change();
create trigger append_only before update or delete or truncate on trust.approval execute function trust.refuse_change();
create trigger append_only before update or delete or truncate on trust.activation execute function trust.refuse_change();

-- Nobody who wrote a part of a draft approves it, and nobody who approved it writes into it. Whoever saves another's
-- text again does not make it theirs, so authors are kept apart from the text that stands now.
create function trust.draft_has_author() returns trigger language plpgsql as $$
begin
  insert into trust.draft_author (draft_id, author, since) values (new.draft_id, new.changed_by, new.changed_at)
    on conflict do nothing;
  return new;
end $$;
create trigger draft_has_author after insert or update on trust.draft_document
  for each row execute function trust.draft_has_author();

create function trust.approver_made_nothing() returns trigger language plpgsql as $$
begin
  -- The draft's lock: an approval and an edit by one person never pass each other.
  perform from trust.draft where draft_id = new.draft_id for update;
  if tg_table_name = 'approval' then
    if exists (select from trust.draft_author d where d.draft_id = new.draft_id and d.author = new.approved_by) then
      raise exception 'approval_takes_a_second_person: % wrote a part of draft %', new.approved_by, new.draft_id
        using errcode = 'check_violation', constraint = 'approval_takes_a_second_person';
    end if;
  elsif exists (select from trust.approval p where p.draft_id = new.draft_id and p.approved_by = new.author) then
    raise exception 'approval_takes_a_second_person: % approved draft %', new.author, new.draft_id
      using errcode = 'check_violation', constraint = 'approval_takes_a_second_person';
  end if;
  return new;
end $$;
create trigger approver_made_nothing before insert on trust.approval
  for each row execute function trust.approver_made_nothing();
create trigger approver_made_nothing before insert on trust.draft_author
  for each row execute function trust.approver_made_nothing();
create trigger append_only before update or delete or truncate on trust.draft_author execute function trust.refuse_change();
create trigger append_only before update or delete or truncate on trust.draft execute function trust.refuse_change();
create trigger append_only before update or delete or truncate on trust.draft_withdrawal execute function trust.refuse_change();

create function trust.approved_draft_is_closed() returns trigger language plpgsql as $$
begin
  if exists (select from trust.activation a join trust.approval p using (approval_id)
              where p.draft_id = coalesce(new.draft_id, old.draft_id)) then
    raise exception 'draft % runs already: make another', coalesce(new.draft_id, old.draft_id) using errcode = 'restrict_violation';
  end if;
  return coalesce(new, old);
end $$;
create trigger approved_draft_is_closed before insert or update or delete on trust.draft_document
  for each row execute function trust.approved_draft_is_closed();

-- The next activation follows the one that its approval was a change to: nobody's work is overwritten unseen.
create function trust.activation_follows() returns trigger language plpgsql as $$
declare
  latest bigint;
begin
  lock table trust.activation in share row exclusive mode;
  select coalesce(max(a.sequence), 0) into latest from trust.activation a;
  if new.sequence <> latest + 1 then
    raise exception 'activation % does not follow %', new.sequence, latest using errcode = 'check_violation', constraint = 'activation_follows';
  end if;
  if new.approval_id is not null
     and not exists (select from trust.approval p where p.approval_id = new.approval_id and p.onto_sequence = latest) then
    raise exception 'the approval was for a change to another revision than the one that runs'
      using errcode = 'check_violation', constraint = 'activation_follows';
  end if;
  perform pg_notify('playbook', new.sequence::text);
  return new;
end $$;
create trigger activation_follows before insert on trust.activation
  for each row execute function trust.activation_follows();
