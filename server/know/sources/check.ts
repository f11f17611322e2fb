import type { Invariant } from '#platform/postgres'

export const invariants: Invariant[] = [
  {
    id: 'I1',
    sentence: 'Every row of an applied file ends applied, duplicate or quarantined, and the counts add up.',
    store: 'postgres',
    sql: `select f.feed_id, f.rows_read, f.rows_applied, f.rows_duplicate, f.rows_quarantined
            from know.feed f
           where f.state = 'applied' and f.rows_read <> f.rows_applied + f.rows_duplicate + f.rows_quarantined`,
  },
  {
    id: 'I1:quarantine',
    sentence: 'The rows counted as quarantined are the rows in quarantine.',
    store: 'postgres',
    sql: `select f.feed_id, f.rows_quarantined
            from know.feed f
           where f.state = 'applied'
             and f.rows_quarantined <> (select count(*) from know.feed_row_quarantine q where q.feed_id = f.feed_id and q.settled_at is null)`,
  },
  {
    id: 'know.sources:transactions',
    sentence: 'A transaction is there once, whatever interrupted its import.',
    store: 'lake',
    // Years of entries are looked at together: what is counted may go to disk, so that the memory is bounded.
    sql: `select holding_id, transaction_id, count() as rows
            from know.account_transaction final
           where status = 'booked'
           group by holding_id, transaction_id having rows > 1 limit 100
        settings max_bytes_before_external_group_by = 100000000, max_bytes_ratio_before_external_group_by = 0`,
  },
]
