-- An author says that a draft is ready to be looked at. Nothing rests on it but what people are shown: the approval is
-- of exactly one revision, whoever asked for it.
create table trust.review_request (
  draft_id uuid primary key references trust.draft (draft_id),
  requested_by text not null,
  requested_at timestamptz not null,
  note text not null check (length(note) <= 2000)
);
comment on table trust.review_request is 'class: reference | drafts whose authors ask for a review';
comment on column trust.review_request.requested_by is 'personal: accountability of staff; retention: as long as the bank keeps its audit';
create trigger append_only before update or delete or truncate on trust.review_request execute function trust.refuse_change();
