import { createHash } from 'node:crypto'
import { catalogueFor, currentProfile } from '#know/attributes'
import type { Subscription } from '#platform/outbox'
import type { Runtime } from '#platform/runtime'
import { activeRevision, bankOf, type Revision } from '#trust/playbook'
import { baseEnds, flowsBetween } from '../base.ts'
import type { AnatomyReply, BaseReply, SizesReply } from '../contract.ts'
import { ask, compileRule, exclusively, rulesOf } from '../question.ts'
import * as store from './store.ts'

/** Of what is counted again, the figures before are kept for the time in which somebody may still go back to it. */
const KEPT_MS = 7 * 86_400_000

const digest = (parts: unknown): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)

/** A figure that was counted of exactly this before, or is counted now and kept. */
async function kept<T>(rt: Runtime, figure: string, countedOf: string, count: () => Promise<T>): Promise<T> {
  const known = await store.keptFigure<T>(rt.db, figure, countedOf)
  if (known) return known.found
  const found = await count()
  const now = rt.clock.now()
  await store.keepFigure(rt.db, figure, countedOf, found, now, new Date(now.getTime() - KEPT_MS))
  return found
}

/**
 * How many customers every segment of a playbook has, of which day. Counted once for each computation of the attributes
 * and each wording of the rules: neither changes afterwards, so what is kept is what would be counted.
 */
export async function sizesOf(
  rt: Runtime,
  revision: Revision,
  signal?: AbortSignal,
): Promise<Omit<SizesReply, 'revision'>> {
  const profile = await currentProfile(rt, revision)
  if (!profile) return { asOf: null, customers: 0, sizes: [] }
  const rules = rulesOf(revision).map(({ document, program }) => ({
    id: document.id,
    admits: exclusively(revision, document.id) ?? program.sql().admits,
    error: program.sql().error,
  }))
  const { zone } = bankOf(revision)
  const countedOf = digest([profile.generation, profile.asOf, zone, catalogueFor(revision).hash, rules])
  return kept(rt, 'segment sizes', countedOf, async () => {
    const { customers, counts } = await store.countAll(rt.lake, { ...profile, zone }, rules, signal)
    return { asOf: profile.asOf, customers, sizes: rules.map(({ id }, at) => ({ segment: id, ...counts[at]! })) }
  })
}

/** As many conditions as are told apart; a rule of more is a table of cases, and told as one. */
const CLAUSES_MAX = 40

/**
 * What a rule or a segment is made of: how many customers each of its conditions leaves, how many it would have without
 * it, and which other segments hold some of them. As of the last computation; ends in the lake when `signal` fires.
 */
export async function anatomyOf(
  rt: Runtime,
  asked: { rule?: string | undefined; segment?: string | undefined },
  signal?: AbortSignal,
): Promise<AnatomyReply> {
  const question = await ask(rt, asked)
  const { revision, catalogue, zone, program } = question
  const written = program.clauses().map(({ source }) => source)
  const sources = written.length > CLAUSES_MAX ? [program.source] : written
  const clauses = sources.map((source) => {
    const compiled = compileRule(catalogue, zone, source)
    // A part of a rule that was compiled is one itself.
    if (!compiled.ok) throw new Error(`not a condition by itself: ${source}`)
    return compiled.program.sql().admits
  })
  const others = rulesOf(revision).filter(({ document }) => document.id !== asked.segment)
  const found = await store.dissect(
    rt.lake,
    question,
    {
      clauses,
      admits: question.admits,
      others: others.map(({ document, program }) => exclusively(revision, document.id) ?? program.sql().admits),
    },
    signal,
  )
  return {
    asOf: question.asOf,
    customers: found.customers,
    count: found.count,
    clauses: sources.map((source, at) => ({ source, ...found.clauses[at]! })),
    taken: (found.clauses.at(-1)?.left ?? found.customers) - found.count,
    overlaps: others
      .map(({ document }, at) => ({ segment: document.id, title: document.title, ...found.others[at]! }))
      .filter(({ both }) => both > 0)
      .sort((a, b) => b.both - a.both || (a.segment < b.segment ? -1 : 1)),
  }
}

/** The sizes of the active playbook's segments. */
export async function viewSizes(rt: Runtime, signal?: AbortSignal): Promise<SizesReply> {
  const revision = await activeRevision(rt)
  return { revision: revision.id, ...(await sizesOf(rt, revision, signal)) }
}

/**
 * How the base moved between the ends of the latest months, of the holdings as they last came in: counted once for each
 * copy of them and each month.
 */
export async function baseFlows(rt: Runtime, months: number, signal?: AbortSignal): Promise<BaseReply> {
  const ends = await baseEnds(rt, months)
  if (ends.length === 0) return { ends, flows: [] }
  const state = await store.holdingsState(rt.lake)
  const count = async (): Promise<BaseReply> => ({ ends, flows: await flowsBetween(rt.lake, ends, signal) })
  return state === undefined ? count() : kept(rt, 'base', digest([state, ends]), count)
}

/** Months that the pages show. */
const MONTHS_SHOWN = 2

/** Counts what the pages show of a playbook before it runs. It may run without: the first who asks then waits for it. */
export async function prepareFigures(rt: Runtime, revision: Revision): Promise<void> {
  await sizesOf(rt, revision).catch((error: unknown) =>
    rt.log.warn({ revision: revision.id, error }, 'the sizes of its segments were not counted ahead'),
  )
}

export const subscriptions: Subscription[] = [
  {
    type: 'know.attributes_computed',
    name: 'know/segments:figures',
    handle: async (rt) => {
      const revision = await activeRevision(rt)
      if (revision.id === '') return
      await sizesOf(rt, revision)
      await baseFlows(rt, MONTHS_SHOWN)
    },
  },
]
