create schema if not exists trust;

-- How a person left a page: its filters, sorting and columns, as the page's address holds them. Their own; shown to a
-- role only when they say so.
create table trust.view (
  view_id     uuid primary key,
  person_id   uuid not null references trust.person (person_id),
  page        text not null check (length(page) between 1 and 200),
  name        text not null check (length(name) between 1 and 100),
  state       text not null check (length(state) <= 4000),
  shared_with text,
  saved_at    timestamptz not null,
  unique (person_id, page, name)
);
comment on table trust.view is 'class: look-up | pages as people saved them, for themselves or a role';
comment on column trust.view.person_id is 'personal: convenience of staff; retention: until the person removes it or leaves';
comment on column trust.view.state is 'personal: convenience of staff; retention: until the person removes it or leaves';
create index view_shared on trust.view (shared_with, page) where shared_with is not null;
