import { type Chain, roundingOf } from './chain.ts'
import { exponentOf } from './currency.ts'
import type { FirstOfReason } from './store.ts'

interface Reported {
  currency: string
  folderDiffers: number
  outcomes: readonly {
    feed: {
      source: string
      fileName: string
      state: string
      refusedBecause: string | null
      rowsRead: number
      rowsApplied: number
      rowsDuplicate: number
      rowsQuarantined: number
    }
    givenBefore: boolean
    triedAgain: boolean
    reasons: readonly { reason: string; rows: number }[]
    firsts: readonly FirstOfReason[]
  }[]
  held: readonly { product: string; holdings: number }[]
  chain: Chain | null
  profiles: number | null
}

export interface ImportReport {
  headers: string[]
  rows: (string | number)[][]
  /** What else a person wants to know, a sentence each. */
  remarks: string[]
}

const money = (minor: number, decimals: number): string => (minor / 10 ** decimals).toFixed(decimals)

/** Where to look first, so that nobody is left with a count. */
const placeOf = (first: FirstOfReason | undefined): string =>
  first === undefined
    ? ''
    : `, the first in line ${first.line}${first.field === null ? '' : `, ${first.field}`}: found ${first.found === '' ? 'nothing' : first.found}, expected ${first.expected}`

/** An import as a table of counts and some sentences. */
export function reportOf({ currency, folderDiffers, outcomes, held, chain, profiles }: Reported): ImportReport {
  const decimals = exponentOf(currency)
  const remarks: string[] = []
  if (folderDiffers > 0)
    remarks.push(
      `The bank runs a playbook already, and it was used: ${folderDiffers} documents of the folder are otherwise. clientele playbook diff FOLDER shows them; clientele playbook push FOLDER makes a draft of them.`,
    )
  for (const { feed, reasons, firsts, givenBefore, triedAgain } of outcomes) {
    if (givenBefore)
      remarks.push(
        triedAgain
          ? `${feed.fileName} was given before: only its rows in quarantine were tried again.`
          : `${feed.fileName} was given before: no effect.`,
      )
    if (feed.refusedBecause !== null) remarks.push(`${feed.fileName} was not applied: ${feed.refusedBecause}`)
    for (const { reason, rows } of reasons)
      remarks.push(
        `${feed.fileName}: ${rows} quarantined as ${reason}${placeOf(firsts.find((first) => first.reason === reason))}.`,
      )
  }
  if (held.length > 0)
    remarks.push(`Holdings: ${held.map(({ product, holdings }) => `${holdings} ${product}`).join(', ')}.`)
  if (chain) {
    remarks.push(
      `End-of-day balances chain on ${chain.chained} of ${chain.accountDays} account-days of ${chain.accounts} accounts; the worst differs by ${money(chain.worstMinor, decimals)}, ${chain.beyond} by more than ${money(roundingOf(decimals).listedMinor, decimals)}.`,
    )
    for (const { holdingId, on, differenceMinor } of chain.listed)
      remarks.push(`  holding ${holdingId} on ${on}: ${money(differenceMinor, decimals)}`)
    if (chain.begunEarlier > 0)
      remarks.push(`${chain.begunEarlier} accounts begin before the file does: their first balance is taken as stated.`)
  }
  if (profiles !== null) remarks.push(`Attributes computed for ${profiles} customers.`)
  return {
    headers: ['source', 'file', 'state', 'read', 'applied', 'duplicate', 'quarantined'],
    rows: outcomes.map(({ feed }) => [
      feed.source,
      feed.fileName,
      feed.state,
      feed.rowsRead,
      feed.rowsApplied,
      feed.rowsDuplicate,
      feed.rowsQuarantined,
    ]),
    remarks,
  }
}
