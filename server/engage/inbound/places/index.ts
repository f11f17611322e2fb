import { preview } from '#decide/decisions'
import { effectiveClass } from '#decide/propositions'
import type { ActionDocument, ChannelDocument, TreatmentDocument } from '#decide/propositions/contract'
import { messageOf, render } from '#engage/content'
import { languagesOf } from '#know/customers'
import { localDate } from '#platform/clock'
import { type Runtime, transaction } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { activeRevision, bankOf, documentOf, documentsOf, type Revision } from '#trust/playbook'
import type { PlacementDocument } from '../contract.ts'
import { placementOf, VALID_FOR_SECONDS } from '../placement.ts'
import type { Place, PlacePreviewReply, PlacePreviewRequest, PlacesReply } from './contract.ts'
import { type ByPlace, countsOf, daysBefore, NONE, plus, together } from './counts.ts'
import * as store from './store.ts'

const DAYS = 28
const KEPT_DAYS = 400
/** What is older than this has been committed, and is counted once. */
const SETTLED_MS = 120_000
/** A day is counted when it is over for so long. */
const OVER_MS = 600_000

interface Today {
  day: string
  settledMs: number
  settled: ByPlace
}
// One server process has one configuration: the key of what it has in memory.
const todays = new WeakMap<object, Today>()

const countBetween = async (rt: Runtime, fromMs: number, toMs: number): Promise<ByPlace> =>
  countsOf(await store.asksBetween(rt.db, fromMs, toMs), await store.answersBetween(rt.db, fromMs, toMs))

/** What came of each placement since the day began: only the last minutes are read again. */
async function countToday(rt: Runtime, day: string, zone: string): Promise<ByPlace> {
  const nowMs = rt.clock.now().getTime()
  let today = todays.get(rt.config)
  if (today?.day !== day || today.settledMs > nowMs) {
    const { from } = await store.spanOf(rt.db, day, zone)
    today = { day, settledMs: from.getTime(), settled: new Map() }
  }
  const settledMs = Math.max(today.settledMs, nowMs - SETTLED_MS)
  const settled = together(today.settled, await countBetween(rt, today.settledMs, settledMs))
  // Whoever asked at the same moment counted the same: the later one's sum stands.
  todays.set(rt.config, { day, settledMs, settled })
  return together(settled, await countBetween(rt, settledMs, nowMs + 1))
}

/** Every placement with what can fill it, and what came of it today and in 28 days. */
export async function placesNow(rt: Runtime): Promise<PlacesReply> {
  const { origins, publicUrl } = rt.config.http
  const at = rt.clock.now()
  const known = { at: at.toISOString(), publicUrl: publicUrl ?? null, origins: [...origins] }
  const revision = await activeRevision(rt)
  if (revision.id === '') return { ...known, revision: '', day: localDate(at, 'UTC'), daysMissing: 0, placements: [] }
  const { zone } = bankOf(revision)
  const day = localDate(at, zone)
  const before = daysBefore(day, DAYS - 1)
  const [today, rows, counted] = [
    await countToday(rt, day, zone),
    await store.countsOfDays(rt.db, before),
    await store.countedDays(rt.db, before),
  ]
  const placements = documentsOf<PlacementDocument>(revision, 'placement').map((document): Place => {
    const ofToday = today.get(document.id) ?? NONE
    const own = rows.filter(({ placement }) => placement === document.id)
    const asksOn = (on: string): number | null =>
      counted.has(on) ? (own.find((row) => row.day === on)?.asks ?? 0) : null
    return {
      ...describe(document, revision),
      today: ofToday,
      last28Days: own.map(({ day: _, placement: __, ...counts }) => counts).reduce(plus, ofToday),
      asksByDay: [...before.map(asksOn).reverse(), ofToday.asks],
    }
  })
  return { ...known, revision: revision.id, day, daysMissing: before.length - counted.size, placements }
}

type Described = Omit<Place, 'today' | 'last28Days' | 'asksByDay'>

function describe(document: PlacementDocument, revision: Revision): Described {
  const channel = documentOf<ChannelDocument>(revision, 'channel', document.channel)
  const treatments = documentsOf<TreatmentDocument>(revision, 'treatment')
    .filter((one) => one.channel === document.channel && (one.placements?.includes(document.id) ?? true))
    .map((one) => {
      const action = documentOf<ActionDocument>(revision, 'action', one.action)
      return {
        treatment: one.id,
        title: one.title,
        action: one.action,
        actionTitle: action?.title ?? one.action,
        class: action ? effectiveClass(one, action) : (one.class ?? 'marketing'),
        here: one.placements !== undefined,
      }
    })
  return {
    placement: document.id,
    title: document.title,
    channel: document.channel,
    channelTitle: channel?.title ?? document.channel,
    direction: channel?.direction ?? null,
    actionsMax: document.actionsMax,
    validForSeconds: document.validForSeconds ?? VALID_FOR_SECONDS,
    staffed: document.staffed ?? false,
    textCharactersMax: channel?.textCharactersMax ?? null,
    treatments,
  }
}

/** Counts the days that are over and not counted yet, the latest first; answers how many. */
export async function countDays(rt: Runtime, signal: AbortSignal): Promise<number> {
  const revision = await activeRevision(rt)
  if (revision.id === '') return 0
  const { zone } = bankOf(revision)
  const days = daysBefore(localDate(new Date(rt.clock.now().getTime() - OVER_MS), zone), DAYS)
  const counted = await store.countedDays(rt.db, days)
  let count = 0
  for (const day of days.filter((each) => !counted.has(each))) {
    if (signal.aborted) return count
    const { from, to } = await store.spanOf(rt.db, day, zone)
    const counts = await countBetween(rt, from.getTime(), to.getTime())
    await transaction(rt, (rt) => store.insertDay(rt.db, day, counts, rt.clock.now()))
    count++
  }
  await store.forgetDays(rt.db, daysBefore(days[0]!, KEPT_DAYS).at(-1)!)
  return count
}

/**
 * What a placement would show to a customer now: nothing is claimed, nothing is kept but who looked. Errors:
 * `placement_unknown` (invalid), and those of a preview of decide/decisions.
 */
export async function previewAt(
  rt: Runtime,
  { actor, ...asked }: PlacePreviewRequest & { actor: Actor },
): Promise<PlacePreviewReply> {
  const revision = await activeRevision(rt)
  const placement = placementOf(revision, asked.placement)
  const { customerId } = asked
  const found = await preview(rt, {
    customerId,
    channel: placement.channel,
    placement: placement.id,
    asker: placement.staffed ? 'staff' : 'self',
    actionsMax: Math.min(asked.actionsMax ?? placement.actionsMax, placement.actionsMax),
    actor,
    ...(asked.reason ? { reason: asked.reason } : {}),
  })
  const language = asked.language ?? (await languagesOf(rt.db, [customerId])).get(customerId)
  const shown = found.actions.map(({ action, title, treatment, class: class_, offer, variables }) => {
    const document = documentOf<TreatmentDocument>(revision, 'treatment', treatment)
    const message = messageOf(document, revision, language)
    const options = { language: message.language }
    const text = render(message.text, { variables, offer }, { ...options, format: message.format })
    const subject =
      message.subject === null ? null : render(message.subject, { variables, offer }, { ...options, format: 'line' })
    const failed = [text, subject].find((one) => one !== null && !one.ok)
    return {
      action,
      title,
      treatment,
      class: class_,
      language: message.language,
      format: message.format,
      subject: subject?.ok ? subject.text : null,
      text: text.ok && !failed ? text.text : null,
      failed: failed && !failed.ok ? failed.error : null,
      linkLabel: document?.link?.label[message.language] ?? null,
      offer,
      variables,
    }
  })
  const verdicts: Record<string, number> = {}
  for (const { verdict } of found.considered) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1
  return {
    placement: placement.id,
    customerId,
    at: found.at,
    shown,
    nothingBecause: found.nothingBecause,
    considered: found.considered.length,
    endings: found.considered.map(({ action, title, verdict, reasons, treatments }) => {
      const all = [...reasons, ...treatments.flatMap((one) => one.reasons)]
      const because = all.find(({ stage }) => stage === verdict) ?? all[0]
      return {
        action,
        title,
        verdict,
        because: because ? { title: because.title, found: because.found, needed: because.needed } : null,
      }
    }),
    verdicts,
  }
}
