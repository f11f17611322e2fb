import { createHash } from 'node:crypto'
import { catalogueOf, playbookEnvironment } from '#decide/propositions'
import { localDate } from '#platform/clock'
import { unavailable } from '#platform/errors'
import { isInTransaction, type Runtime, transaction } from '#platform/runtime'
import { activeRevision, bankOf, documentsOf } from '#trust/playbook'
import type { Count, Model } from './beliefs.ts'
import { calibrationOf, type DayEnd } from './calibration.ts'
import type { ArbitrationDocument, CalibrationReply, LearningReply } from './contract.ts'
import { STANDARD } from './score.ts'
import * as store from './store.ts'

export { type Beliefs, beliefsOf, type Count, type Model } from './beliefs.ts'
export type { ArbitrationDocument } from './contract.ts'
export { subscriptions } from './events.ts'
export { kinds } from './kinds.ts'
export { routes } from './routes.ts'
export {
  type Arbitration,
  arbitrationOf,
  contextWeightOf,
  leverOf,
  type ScoreParts,
  scoreOf,
} from './score.ts'
export { shareInterval } from './share.ts'
export { drawBeta } from './thompson.ts'

/** A model is at most so old when decisions are made with it; each new one is a stored snapshot. */
const MODEL_AGE_MS_MAX = 30_000
/** Snapshots kept in memory for replays. */
const MODELS_KEPT = 16

interface Known {
  model: Model | undefined
  askedMs: number
  older: Map<string, Model>
}
// One server process has one configuration, shared by all its transactions: the key of what it has in memory.
const servers = new WeakMap<object, Known>()

function known(rt: Runtime): Known {
  let found = servers.get(rt.config)
  if (!found) {
    found = { model: undefined, askedMs: Number.NEGATIVE_INFINITY, older: new Map() }
    servers.set(rt.config, found)
  }
  return found
}

type CountRow = [action: string, treatment: string, channel: string, offered: number, accepted: number]

const rowsOf = (counts: readonly Count[]): CountRow[] =>
  counts.map(({ action, treatment, channel, offered, accepted }) => [action, treatment, channel, offered, accepted])

const countOf = ([action, treatment, channel, offered, accepted]: CountRow): Count => ({
  action,
  treatment,
  channel,
  offered,
  accepted,
})

/** Reads the counts now, keeps them as a snapshot, and decides with them from here on. */
export async function refreshModel(rt: Runtime): Promise<Model> {
  const memory = known(rt)
  const askedMs = rt.clock.now().getTime()
  const counts = (await store.readCounts(rt.db)).map((row) => ({ ...row }))
  const text = JSON.stringify(rowsOf(counts))
  const version = createHash('sha256').update(text).digest('hex').slice(0, 32)
  if (memory.model?.version === version) {
    memory.askedMs = askedMs
    return memory.model
  }
  const model: Model = { version, counts }
  await store.saveModel(rt.db, version, text, rt.clock.now())
  // Inside a transaction the snapshot may yet be rolled back: nobody else may come to decide with it.
  if (!isInTransaction(rt)) {
    memory.model = model
    memory.askedMs = askedMs
  }
  return model
}

/** The model to decide with: at most half a minute old, and stored before anything is decided with it. */
export async function currentModel(rt: Runtime): Promise<Model> {
  const memory = known(rt)
  const ageMs = Math.abs(rt.clock.now().getTime() - memory.askedMs)
  return memory.model && ageMs <= MODEL_AGE_MS_MAX ? memory.model : refreshModel(rt)
}

/** A model of the past. Errors: `model_missing` (unavailable). */
export async function modelOf(rt: Runtime, version: string): Promise<Model> {
  const memory = known(rt)
  if (memory.model?.version === version) return memory.model
  const kept = memory.older.get(version)
  if (kept) return kept
  const [row] = await store.readModel(rt.db, version)
  if (!row)
    throw unavailable(
      'model_missing',
      { modelVersion: version },
      `The model ${version} is not in the store.`,
      'Restore it from a backup.',
    )
  const model: Model = { version, counts: (row.counts as CountRow[]).map(countOf) }
  memory.older.set(version, model)
  if (memory.older.size > MODELS_KEPT) memory.older.delete(memory.older.keys().next().value!)
  return model
}

/** What the propensities are made of now: every count, straight from the store. */
export const propensities = (rt: Runtime): Promise<Count[]> => store.readCounts(rt.db)

export interface Outcome {
  customerId: number
  contactId: string
  action: string
  treatment: string
  channel: string
  /**
   * offered: the customer saw it. accepted: and took it up. realised, unrealised: what was to follow did, or will not
   * (the holding opened, the fourteen days passed); these end the rest after an acceptance.
   */
  kind: 'offered' | 'accepted' | 'realised' | 'unrealised'
}

/**
 * Learns from one answer. Each kind counts once per contact, however often it is told; an acceptance of what was never
 * seen counts as seen too. Answers whether anything was new.
 */
export function recordOutcome(rt: Runtime, outcome: Outcome): Promise<boolean> {
  return transaction(rt, async (rt) => {
    const learnedAt = rt.clock.now()
    const { customerId, contactId, kind } = outcome
    if (!(await store.insertLearned(rt.db, { customerId, contactId, kind, learnedAt }))) return false
    if (kind === 'offered') await store.count(rt.db, outcome, { offered: 1, accepted: 0 }, learnedAt)
    if (kind === 'accepted') {
      const unseen = await store.insertLearned(rt.db, { customerId, contactId, kind: 'offered', learnedAt })
      await store.count(rt.db, outcome, { offered: unseen ? 1 : 0, accepted: 1 }, learnedAt)
    }
    return true
  })
}

/** What was learned by the end of each of the latest days, oldest first, from the snapshots that decisions were made with. */
export async function learning(rt: Runtime, daysMax: number): Promise<LearningReply> {
  const revision = await activeRevision(rt)
  if (revision.id === '') return { days: [] }
  const rows = await store.modelsByDay(rt.db, bankOf(revision).zone, daysMax)
  return {
    days: rows.reverse().map(({ on, modelVersion, counts }) => ({
      on,
      modelVersion,
      counts: byActionAndChannel((counts as CountRow[]).map(countOf)),
    })),
  }
}

function byActionAndChannel(counts: readonly Count[]): LearningReply['days'][number]['counts'] {
  const sums = new Map<string, LearningReply['days'][number]['counts'][number]>()
  for (const { action, channel, offered, accepted } of counts) {
    const key = `${action} ${channel}`
    const sum = sums.get(key) ?? { action, channel, offered: 0, accepted: 0 }
    sums.set(key, { ...sum, offered: sum.offered + offered, accepted: sum.accepted + accepted })
  }
  return [...sums.values()]
}

/** How far what was believed came true over the latest days, by likelihood and by action. */
export async function calibration(rt: Runtime, daysMax: number): Promise<CalibrationReply> {
  const revision = await activeRevision(rt)
  if (revision.id === '') {
    const all = { offered: 0, foretold: 0, accepted: 0, interval: null }
    return { from: null, to: null, all, groups: [], actions: [] }
  }
  const { zone } = bankOf(revision)
  const rows = (await store.modelsByDay(rt.db, zone, daysMax + 1)).reverse()
  const days: DayEnd[] = rows.map(({ on, counts }) => ({ on, counts: (counts as CountRow[]).map(countOf) }))
  // What came after the last snapshot was foretold by it, and so are the answers that it holds of its own day.
  const today = { on: localDate(rt.clock.now(), zone), counts: await store.readCounts(rt.db) }
  if (days.at(-1)?.on === today.on) days[days.length - 1] = today
  else days.push(today)
  const catalogue = catalogueOf(revision.documents, playbookEnvironment(revision.documents))
  const document = documentsOf<ArbitrationDocument>(revision, 'arbitration')[0] ?? STANDARD
  const { actions, ...tested } = calibrationOf(catalogue, days, document.priorOffers)
  return {
    ...tested,
    actions: actions.map((one) => ({ ...one, title: catalogue.actionById.get(one.action)?.title ?? one.action })),
  }
}
