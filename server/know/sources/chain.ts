/** What statements may round, in minor units of a currency. */
export interface Rounding {
  /** Up to one and a half units is rounding; beyond it a chain is broken. */
  allowedMinor: number
  /** Beyond half a unit it is listed, account-day by account-day. */
  listedMinor: number
}

/** The rounding of a currency with so many decimals: 1.50 and 0.50 of a euro, one yen and none. */
export const roundingOf = (decimals: number): Rounding => ({
  allowedMinor: Math.floor(1.5 * 10 ** decimals),
  listedMinor: Math.floor(0.5 * 10 ** decimals),
})

/** An account-day whose stated end differs from the day before plus the day's bookings. */
export interface ChainMiss {
  holdingId: number
  on: string
  differenceMinor: number
}

export interface Chain {
  accounts: number
  accountDays: number
  /** Account-days whose difference is rounding. */
  chained: number
  worstMinor: number
  /** Account-days that are listed, the largest difference first; at most 1,000 of them. */
  beyond: number
  listed: ChainMiss[]
  /** Accounts whose first booking is not their opening: the file begins in the middle of their life. */
  begunEarlier: number
}

const nearest = '(arraySort(b -> abs(b - (acc.1 + day.2)), day.3)[1])'
const difference = `(${nearest} - (acc.1 + day.2))`

/**
 * One row per account with its chain of end-of-day balances over the rows of `rows` (columns holding_id, booked_on,
 * amount_minor, balance_after_minor, line): `chain` is (closing, misses, worst, broken), `from_nothing` whether the
 * account begins at nothing, `days` how many days it has bookings on, and `last_on`.
 *
 * The stated balance that ends one day, plus the next day's bookings, must be a balance stated on that next day. Inside
 * a day the file's order is not the posting order, so a day's end is the stated balance nearest to what is expected.
 * When none is within the rounding the chain is broken there, and goes on from the balance of that day from which no
 * other booking of the day goes on. The first day begins at nothing when that fits, else with whatever leads to its end.
 */
export const chainPerAccount = (rows: string, { allowedMinor, listedMinor }: Rounding): string => `
  with arrayMin(b -> abs(b - by_day[1].2), by_day[1].3) <= ${allowedMinor} as from_nothing,
       if(from_nothing, 0, by_day[1].4 - by_day[1].2)::Int64 as opening
  select holding_id, from_nothing, length(by_day) as days, by_day[-1].1 as last_on,
         arrayFold((acc, day) -> (
             if(abs(${difference}) <= ${allowedMinor}, ${nearest}, day.4)::Int64,
             if(abs(${difference}) > ${listedMinor}, arrayPushBack(acc.2, (day.1, ${difference}::Int64)), acc.2),
             greatest(acc.3, abs(${difference}))::Int64,
             (acc.4 + (abs(${difference}) > ${allowedMinor}))::Int64),
           by_day, (opening, []::Array(Tuple(Date32, Int64)), 0::Int64, 0::Int64)) as chain
    from (
      select holding_id, arraySort(x -> x.1, groupArray((booked_on, amount, balances, ending))) as by_day
        from (
          select holding_id, booked_on, sum(amount_minor) as amount, groupArray(assumeNotNull(balance_after_minor)) as balances,
                 groupArray(assumeNotNull(balance_after_minor) - amount_minor) as befores,
                 arrayFilter(b -> not arrayExists(o -> abs(o - b) <= ${listedMinor}, befores), balances) as ends,
                 if(empty(ends), balances[-1], ends[-1]) as ending
            from ${rows}
           group by holding_id, booked_on)
       group by holding_id)`

/** Rows of the booked history up to a date, that tell a balance, in the order of their files. */
export const bookedRows = (more = ''): string => `(
  select holding_id, booked_on, amount_minor, balance_after_minor
    from know.account_transaction final
   where booked_on <= toDate32({asOf:String}) and isNotNull(balance_after_minor) and status in ('booked', 'reversed') ${more}
   order by holding_id, booked_on, line)`

/** Rows that a slice of accounts may have: their days are held in memory while they are chained. */
export const ROWS_PER_SLICE = 1_000_000

/** How many rows tell a balance, and the accounts' lowest and highest number. */
export const chainRange = `
  select count() as rows, min(holding_id) as first, max(holding_id) as last
    from know.account_transaction where booked_on <= toDate32({asOf:String}) and isNotNull(balance_after_minor)`

const SLICE = 'and holding_id >= {from:Int64} and holding_id < {to:Int64}'

/** The totals of the chain over a slice of accounts. */
export const chainTotals = (rounding: Rounding): string => `
  select count() as accounts, sum(days) as accountDays, sum(days) - sum(chain.4) as chained, max(chain.3) as worstMinor,
         sum(length(chain.2)) as beyond, countIf(not from_nothing) as begunEarlier
    from (${chainPerAccount(bookedRows(SLICE), rounding)})`

/** The account-days of a slice that are listed, the largest difference first. */
export const chainMisses = (rounding: Rounding): string => `
  select holding_id as holdingId, toString(miss.1) as on, miss.2 as differenceMinor
    from (${chainPerAccount(bookedRows(SLICE), rounding)}) array join chain.2 as miss
   order by abs(miss.2) desc, holding_id, miss.1 limit 1000`

/** Two slices of accounts together. */
export const together = (a: Chain, b: Chain): Chain => ({
  accounts: a.accounts + b.accounts,
  accountDays: a.accountDays + b.accountDays,
  chained: a.chained + b.chained,
  worstMinor: Math.max(a.worstMinor, b.worstMinor),
  beyond: a.beyond + b.beyond,
  begunEarlier: a.begunEarlier + b.begunEarlier,
  listed: [...a.listed, ...b.listed]
    .sort((x, y) => Math.abs(y.differenceMinor) - Math.abs(x.differenceMinor))
    .slice(0, 1000),
})

export const NO_CHAIN: Chain = {
  accounts: 0,
  accountDays: 0,
  chained: 0,
  worstMinor: 0,
  beyond: 0,
  begunEarlier: 0,
  listed: [],
}
