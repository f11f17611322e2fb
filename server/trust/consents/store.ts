import type { Db } from '#platform/postgres'

import type { Current } from './decide.ts'

/** The current state of many customers: one short index range each. */
export const readConsents = (db: Db, customerIds: readonly number[]) =>
  db<(Current & { customerId: number })[]>`
    select c.customer_id as "customerId", c.purpose, c.channel, c.state, c.version
      from trust.consent c
     where c.customer_id = any (${customerIds as number[]}::bigint[])`
