import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Actor } from '#platform/http'
import type { Invariant } from '#platform/postgres'
import { type Runtime, transaction } from '#platform/runtime'
import { anchorText } from './anchor.ts'
import type { AuditReport } from './contract.ts'
import * as store from './store.ts'

export { csvField, csvLine } from './csv.ts'
export { jobs } from './jobs.ts'
export { routes } from './routes.ts'
export type { Entry, Filter } from './store.ts'

/** What is put on record. Facts hold ids, counts and codes: never a value of personal data. */
export interface Recorded {
  actor: Pick<Actor, 'id' | 'kind'>
  /** '<layer>.<module>:<what happened>', e.g. 'know.customers:viewed'. */
  action: string
  /** The customers it was about; kept as salted digests only. */
  customerIds?: readonly number[]
  /** The id of what it was about, when that is no customer. */
  subject?: string
  /** The actor's words. They are kept apart and can be erased; the chain keeps their digest. */
  reason?: string
  facts?: Record<string, unknown>
}

const CHAINS_TRIED = 8

/** Puts one act on record, in the transaction of the act itself: neither exists without the other. */
export const record = (
  rt: Runtime,
  { actor, action, customerIds = [], subject, reason, facts = {} }: Recorded,
): Promise<void> =>
  transaction(rt, async ({ db, clock, random }) => {
    const ids = [...new Set(customerIds)].sort((a, b) => a - b)
    const salted = ids.length === 0 && reason !== undefined ? [0] : ids
    // Sent together with the entry, on one connection: the entry sees the salts, and there is one way to wait for.
    const salting = salted.length > 0 ? store.addSalts(db, salted) : undefined
    const entry = {
      at: clock.now(),
      actorKind: actor.kind,
      actorId: actor.id,
      action,
      customerIds: ids,
      subject: subject ?? null,
      reason: reason ?? null,
      facts,
    }
    for (let tries = 0; tries < 4; tries++) {
      const first = Math.floor(random.next() * store.CHAINS)
      const chains = Array.from({ length: CHAINS_TRIED }, (_, i) => (first + i * 31) % store.CHAINS)
      const [written] = await Promise.all([store.append(db, entry, chains), salting])
      if (written) return
    }
    const all = Array.from({ length: store.CHAINS }, (_, chain) => chain)
    if (!(await store.append(db, entry, all)))
      throw new Error('every chain of the audit is held by another transaction')
  })

/** Entries that match the filter, the latest first. */
export const read = (rt: Runtime, filter: store.Filter, page: Partial<store.Page> = {}): Promise<store.Entry[]> =>
  store.entries(rt.db, filter, { limit: 100, offset: 0, ...page })

/** How many entries the filter finds in all. */
export const countFitting = (rt: Runtime, filter: store.Filter): Promise<number> => store.countFitting(rt.db, filter)

/**
 * The key that anchors are signed with: the setting, else a file of the data directory, made when first needed. It is
 * never in the database, so that who can change the audit there cannot sign it anew.
 */
export function signingKey({ config }: Pick<Runtime, 'config'>): string {
  if (config.audit.key) return config.audit.key
  const file = join(config.stores.dataDir, 'audit.key')
  try {
    // Two servers may start at the same moment: only one may make the key.
    writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error
  }
  return readFileSync(file, 'utf8').trim()
}

const signatureOf = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('hex')

/**
 * Signs the heads of all chains with a key that is not in the database, and says so in the log, which is kept
 * elsewhere: from then on nothing before the anchor can be cut off unseen.
 */
export const anchor = (rt: Runtime, key = signingKey(rt)): Promise<{ anchorId: number; signature: string }> =>
  transaction(rt, async ({ db, clock, log }) => {
    const [before, heads] = [(await store.anchors(db)).at(-1), await store.heads(db)]
    const at = clock.now()
    const signature = signatureOf(key, anchorText(at, before?.signature ?? '', heads))
    const anchorId = await store.addAnchor(db, at, heads, signature)
    log.info({ anchorId, signature }, 'the audit was anchored')
    return { anchorId, signature }
  })

/**
 * Checks every row of every chain and every anchor. Finds a row deleted, changed, reordered or added out of turn, and
 * a tail cut off after an anchor. `expected`: the number and signature of the last anchor as the log has it, so that
 * the loss of anchors themselves shows.
 */
export async function verify(
  rt: Runtime,
  { key = signingKey(rt), expected }: { key?: string; expected?: { anchorId: number; signature: string } } = {},
): Promise<AuditReport> {
  const breaks = await store.breaks(rt.db)
  const anchors = await store.anchors(rt.db)
  let before = ''
  for (const { anchorId, at, heads, signature } of anchors) {
    const wanted = Buffer.from(signatureOf(key, anchorText(at, before, heads)))
    const found = Buffer.from(signature)
    if (wanted.length !== found.length || !timingSafeEqual(wanted, found))
      breaks.push({
        chain: -1,
        sequence: anchorId,
        problem: `anchor ${anchorId} was not signed with this key over these heads`,
      })
    before = signature
  }
  if (
    expected !== undefined &&
    anchors.find((a) => a.anchorId === expected.anchorId)?.signature !== expected.signature
  ) {
    breaks.push({ chain: -1, sequence: expected.anchorId, problem: `anchor ${expected.anchorId} is missing` })
  }
  return { whole: breaks.length === 0, entries: await store.countEntries(rt.db), anchors: anchors.length, breaks }
}

/** Makes a customer's entries anonymous, for privacy's erasure: the chain stays whole. */
export const eraseCustomer = (rt: Runtime, customerId: number): Promise<void> => store.eraseCustomer(rt.db, customerId)

export const invariants: Invariant[] = [
  {
    id: 'I12',
    sentence: 'No row of the audit was deleted, changed or reordered.',
    store: 'postgres',
    sql: store.BREAKS_SQL,
  },
]
