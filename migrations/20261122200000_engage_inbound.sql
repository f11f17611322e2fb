create schema if not exists engage;

-- A holding that several owners sign for together changes only when all of them have agreed. Each agreement is a row:
-- the contact is accepted by the last of them, and by no fewer.
create table engage.joint_acceptance (
  customer_id  bigint not null,
  contact_id   uuid not null,
  -- The holder who agreed; the contact's own customer is one of them.
  accepted_by  bigint not null,
  -- How many had to agree when this one did, this one included.
  holders      int not null check (holders > 1),
  channel      text not null,
  version      bigint not null,
  accepted_at  timestamptz not null,
  recorded_at  timestamptz not null,
  primary key (customer_id, contact_id, accepted_by),
  foreign key (customer_id, contact_id) references know.contact (customer_id, contact_id)
);
comment on table engage.joint_acceptance is 'class: customer | purpose: who of several holders has agreed to an offer that needs them all';
comment on column engage.joint_acceptance.customer_id is 'personal: contact history; retention: 6 years after the relationship ends';
comment on column engage.joint_acceptance.accepted_by is 'personal: contact history; retention: 6 years after the relationship ends';
