-- Contact policy asks what was said and what came of it, not what was put in a place and never seen: of a customer who
-- comes every day that is most. Those rows are in no index of policy, and lists by time need no columns beside it.
create index contact_said on know.contact (customer_id, claimed_at)
 where (class = 'marketing' and direction = 'outbound')
    or state in ('shown', 'clicked', 'accepted', 'refused', 'deferred', 'declined_for_good');
drop index know.contact_by_claim;
create index contact_by_claim on know.contact (customer_id, claimed_at desc);
