-- Another system's contact enters once, whatever customer or channel it is given under again: its key is the bank's, not
-- the customer's. What it was stands in know.contact.
create table know.external_contact_key (
  source text not null,
  source_contact_id text not null,
  customer_id bigint not null,
  contact_id uuid not null,
  primary key (source, source_contact_id)
);
comment on table know.external_contact_key is 'class: look-up | the one contact that each (source, id) of another system stands for';
comment on column know.external_contact_key.source_contact_id is 'personal: service; retention: with the contact';

insert into know.external_contact_key (source, source_contact_id, customer_id, contact_id)
select c.source, substr(c.communication, length(c.source) + 2), c.customer_id, c.contact_id
  from know.contact c
 where c.source <> 'clientele' and c.communication like c.source || ':%'
 order by c.claimed_at
    on conflict do nothing;
