-- Ids begin with their time, so an index that begins with one grows at its end; one that begins with the customer is
-- touched at a page of its own for every contact. A contact is found by its id alone more often than by both.
alter table engage.joint_acceptance drop constraint joint_acceptance_customer_id_contact_id_fkey;
alter table know.response drop constraint response_customer_id_contact_id_fkey;
alter table know.contact drop constraint contact_pkey, add primary key (contact_id, customer_id);
alter table know.response add foreign key (customer_id, contact_id) references know.contact (customer_id, contact_id);
alter table engage.joint_acceptance add foreign key (customer_id, contact_id) references know.contact (customer_id, contact_id);
drop index know.contact_by_id;

alter table know.contact drop constraint contact_customer_id_communication_step_channel_key,
                         add unique (communication, customer_id, step, channel);
