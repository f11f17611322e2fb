import { text } from './quote.ts'
import { CUSTOMER_KINDS, SENSITIVE_CATEGORIES } from './targets.ts'

/** Which optional fields of a transaction a mapping fills. */
export type Filled = ReadonlySet<string>

/** Where a feed's rows are while they are applied. */
export interface Stage {
  stage: string
  /** Lines that are not applied, with why: duplicates and conflicts. */
  marks: string
}

/** Days around a row's booking date within which the same id is the same transaction. */
const SAME_ID_DAYS = 400

// A booking may replace the authorisation of the same key: the later version counts.
const firstVersion = (filled: Filled): string => (filled.has('status') ? "if(status = 'pending', 1, 2)" : '2')

const good = (marks: string): string => `problem = 0 and line not in (select line from ${marks})`

export const createMarks = (marks: string): string =>
  `create table ${marks} (line UInt64, outcome Enum8('duplicate' = 1, 'conflict' = 2), found String) engine = MergeTree order by line`

/** How many keys more than one row of the file has; nearly always none. The table of hashes may go to disk. */
export const countRepeated = ({ stage }: Pick<Stage, 'stage'>): string => `
  select count() as keys from (select cityHash64(key) as hash from ${stage} where problem = 0 group by hash having count() > 1)
  settings max_bytes_before_external_group_by = 250000000, max_bytes_ratio_before_external_group_by = 0`

/**
 * Marks rows whose key came before in the same file: a duplicate when the content is the same, else a conflict. The
 * hash table of keys may go to disk, so that the memory is bounded whatever the size of the file.
 */
export const markRepeated = ({ stage, marks }: Stage): string => `
  insert into ${marks}
  select r.line, if(r.digest = f.first_digest, 'duplicate', 'conflict'), concat('another row with the key of line ', toString(f.first_line))
    from (select line, key, digest from ${stage} where problem = 0 and cityHash64(key) in (
            select cityHash64(key) from ${stage} where problem = 0 group by cityHash64(key) having count() > 1)) as r
    join (select key, min(line) as first_line, argMin(digest, line) as first_digest
            from ${stage}
           where problem = 0 and cityHash64(key) in (
             select cityHash64(key) from ${stage} where problem = 0 group by cityHash64(key) having count() > 1)
           group by key having count() > 1) as f on f.key = r.key
   where r.line != f.first_line
  settings max_bytes_before_external_group_by = 200000000, max_bytes_ratio_before_external_group_by = 0`

/** Days of the booked rows of a stage, and how many rows each month has; months in which a restart goes on. */
export const selectMonths = ({ stage }: Pick<Stage, 'stage'>): string => `
  select toYYYYMM(booked_on) as month, count() as rows, toString(min(booked_on)) as first, toString(max(booked_on)) as last
    from ${stage} where problem = 0 and isNotNull(booked_on) group by month order by month`

/** How many rows other feeds brought into the days that a file is about: none at all makes comparing needless. */
export const countOthers = `
  select count() as rows from know.account_transaction
   where booked_on between toDate32({first:String}) - ${SAME_ID_DAYS} and toDate32({last:String}) + ${SAME_ID_DAYS} and feed_id != {feed:Int64}`

/**
 * Marks a month's rows that are here already from another feed: the same content is a duplicate, another a conflict,
 * except an authorisation that is now booked. An id is one transaction whatever account it names.
 */
export const markKnown = ({ stage, marks }: Stage, filled: Filled): string => `
  insert into ${marks}
  select s.line, if(k.known_digest = s.digest and k.known_holding = s.holding_id, 'duplicate', 'conflict'),
         concat('booked on ', toString(k.known_on), if(k.known_holding = s.holding_id, '', ', on another account'))
    from (select line, holding_id, transaction_id, digest, ${filled.has('status') ? 'status' : "''"} as state
            from ${stage} where ${good(marks)} and toYYYYMM(booked_on) = {month:UInt32}) as s
   any join (select transaction_id, argMax(holding_id, version) as known_holding, argMax(booked_on, version) as known_on,
                    argMax(digest, version) as known_digest, argMax(t.status, version) as known_status
               from know.account_transaction as t
              where booked_on between toDate32({first:String}) - ${SAME_ID_DAYS} and toDate32({last:String}) + ${SAME_ID_DAYS}
                and feed_id != {feed:Int64}
                and cityHash64(transaction_id) in (select cityHash64(transaction_id) from ${stage} where toYYYYMM(booked_on) = {month:UInt32})
              group by transaction_id) as k on k.transaction_id = s.transaction_id
   where not (k.known_status = 'pending' and s.state in ('', 'booked') and k.known_holding = s.holding_id)`

/** Rows of this feed that a month already has: not 0 only when a restart goes on in the middle of it. */
export const countMonth = `
  select count() as rows from know.account_transaction where toYYYYMM(booked_on) = {month:UInt32} and feed_id = {feed:Int64}`

/**
 * Books a month of a stage. Sensitive payments lose category and other side here, whatever the mapping said. With
 * `again` the rows that an interrupted run already wrote are left out, so that nothing is there twice.
 */
export function bookMonth({ stage, marks }: Stage, filled: Filled, again: boolean): string {
  const has = (name: string): boolean => filled.has(name)
  const sensitive = has('category') ? `category in (${SENSITIVE_CATEGORIES.map(text).join(', ')})` : '0'
  const kept = (value: string): string => `if(${sensitive}, '', ${value})`
  const initiated = `(kind in (${CUSTOMER_KINDS.map(text).join(', ')}) and (amount_minor < 0 or kind = 'cash'))`
  const own = has('counterparty')
    ? `(counterparty != '' and (counterparty, holding_id) in (select external_id, holding_id from know.feed_key where feed_id = {feed:Int64} and kind = 'own'))`
    : '0'
  return `
  insert into know.account_transaction (holding_id, booked_on, transaction_id, value_on, occurred_at, amount_minor, currency, kind,
    operation, counterparty_key, category, balance_after_minor, status, reverses, own_transfer, customer_initiated, feed_id, line,
    digest, version)
  select holding_id, assumeNotNull(booked_on), transaction_id,
         ${has('value_on') ? 'ifNull(value_on, booked_on)' : 'booked_on'},
         ${has('occurred_at') ? "ifNull(occurred_at, addHours(toDateTime64(booked_on, 3, 'UTC'), 12))" : "addHours(toDateTime64(booked_on, 3, 'UTC'), 12)"},
         assumeNotNull(amount_minor), currency, kind,
         ${has('operation') ? kept('operation') : "''"},
         ${has('counterparty') ? kept("if(counterparty = '', '', lower(hex(sipHash64(counterparty))))") : "''"},
         ${has('category') ? kept('category') : "''"},
         ${has('balance_after_minor') ? 'balance_after_minor' : 'null'},
         ${has('status') ? "if(status = '', 'booked', status)" : "'booked'"},
         ${has('reverses') ? 'reverses' : "''"},
         ${has('own_transfer') ? 'ifNull(own_transfer, 0)' : own},
         ${has('customer_initiated') ? `ifNull(customer_initiated, ${initiated})` : initiated},
         {feed:Int64}, line, digest, ${firstVersion(filled)}
    from ${stage}
   where ${good(marks)} and toYYYYMM(booked_on) = {month:UInt32}
     ${again ? `and (holding_id, transaction_id) not in (select holding_id, transaction_id from know.account_transaction where toYYYYMM(booked_on) = {month:UInt32} and feed_id = {feed:Int64})` : ''}`
}

/** A row's next version with another status: the fact keeps its identity, and what became of it is told. */
const restated = (status: string, where: string): string => `
  insert into know.account_transaction
  select t.* replace (${text(status)} as status, t.version + 1 as version)
    from know.account_transaction as t final
   where ${where}`

/** Originals whose reversal is known, whichever came first, get the status reversed. */
export const linkReversals = (): string =>
  restated(
    'reversed',
    `t.status = 'booked' and t.reverses = '' and (t.holding_id, t.transaction_id) in (
       select holding_id, reverses from know.account_transaction where reverses != ''
          and booked_on >= toDate32({first:String}) - ${SAME_ID_DAYS})`,
  )

/** Authorisations that a booking of the stage settles, by its own word or by having the same id on another day. */
export const settlePending = ({ stage }: Stage, filled: Filled): string =>
  restated(
    'settled',
    `t.status = 'pending' and t.booked_on >= toDate32({first:String}) - ${SAME_ID_DAYS}
       and (${filled.has('settles') ? `(t.holding_id, t.transaction_id) in (select holding_id, settles from ${stage} where problem = 0 and settles != '') or` : ''}
            (t.holding_id, t.transaction_id) in (select holding_id, transaction_id from ${stage} where problem = 0 ${filled.has('status') ? "and status != 'pending'" : ''}))`,
  )

/** Authorisations that were never settled expire. */
export const expirePending = (): string =>
  restated('expired', `t.status = 'pending' and t.booked_on < toDate32({before:String})`)
