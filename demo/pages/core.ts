import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { dayOf } from '../days.ts'
import type { Bank, Person } from '../model.ts'
import { type Opened, PRODUCTS_OPENED, writeNight } from '../night.ts'

/**
 * The bank's core in the course of the day: what customers open goes out as the files of the night do, holdings and
 * roles with their control totals, a folder every few seconds; whoever carries the bank's files is told its name.
 */
export interface Core {
  /** Opens it; false where the customer has it already, or where the core opens nothing of the kind. */
  open(one: Opened, heldBefore: readonly { product: string; closed: number }[]): boolean
  /** What the customer opened since these pages began. */
  openedBy(person: Person): readonly string[]
  /** Writes what was opened since the last time, if anything; the number of holdings. */
  deliver(): number
}

const inTheBank = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin', dateStyle: 'short' })

/** The bank's own date at a moment. */
export const bankDay = (at: Date): number => dayOf(inTheBank.format(at))

/** `carry` is told the name of each folder made within `folder`, which is emptied at the beginning. */
export function dayCore(
  bank: Bank,
  { folder, carry, now }: { folder: string; carry: (name: string) => void; now: () => Date },
): Core {
  rmSync(folder, { recursive: true, force: true })
  const has = new Map<string, string[]>()
  let waiting: Opened[] = []
  let deliveries = 0
  return {
    open(one, heldBefore) {
      const { externalId } = one.person
      const mine = has.get(externalId) ?? []
      const held = heldBefore.some(({ product, closed }) => product === one.product && closed === 0)
      if (!PRODUCTS_OPENED.includes(one.product) || held || mine.includes(one.product)) return false
      has.set(externalId, [...mine, one.product])
      waiting.push(one)
      return true
    },
    openedBy: ({ externalId }) => has.get(externalId) ?? [],
    deliver() {
      if (waiting.length === 0) return 0
      const name = `delivery-${String(++deliveries).padStart(4, '0')}`
      const holdings = writeNight({ ...bank, today: bankDay(now()) }, join(folder, name), waiting)
      waiting = []
      carry(name)
      return holdings
    },
  }
}
