import { PassThrough, type Readable } from 'node:stream'
import { todayOf } from '#know/customers'
import { feedHealth } from '#know/sources'
import { localDate } from '#platform/clock'
import { unavailable } from '#platform/errors'
import type { Runtime } from '#platform/runtime'
import { activeRevision, bankOf } from '#trust/playbook'
import type { Pulse } from './contract.ts'
import { changedParts, isDue, LEAST_MS } from './pace.ts'
import * as store from './store.ts'
import { MINUTE_MS, minuteOf, newTally, putIn, readFrom, sumOf, type Tally } from './tally.ts'

export type { Pulse } from './contract.ts'
export { routes } from './routes.ts'

const TICK_MS = 500
const BEAT_MS = 15_000
const SESSION_CHECK_MS = 5_000
/** One server tells so many screens; each further one asks a colleague, or from time to time. */
export const LISTENERS_MAX = 200
/** Who has so much unread is not listening. */
const UNREAD_BYTES_MAX = 256 * 1024
/** Contacts older than this are counted apart, at their own pace. */
const LATEST_MS = 2 * MINUTE_MS

type Parts = Omit<Pulse, 'at' | 'day'>

/** When a figure is read: the bank's day and where it begins. */
interface Moment {
  nowMs: number
  day: string
  dayMs: number
}

/** One server's pulse: what was read, when, and who listens. */
interface Board {
  parts: Partial<Parts>
  moment: Moment | undefined
  readings: Map<string, { readAtMs: number; tookMs: number }>
  decisions: Tally
  answers: Tally
  earlier: { dayMs: number; toMs: number; lines: readonly store.ContactLine[] } | undefined
  reading: Promise<void> | undefined
  listeners: Set<Listener>
  timer: NodeJS.Timeout | undefined
  told: Parts | undefined
  complained: boolean
}

interface Listener {
  stream: PassThrough
  stillMay: () => Promise<boolean>
  checkedMs: number
  beatMs: number
}

// One server process has one configuration: the key of what it has in memory.
const boards = new WeakMap<object, Board>()

function boardOf(rt: Runtime): Board {
  let board = boards.get(rt.config)
  if (!board) {
    board = {
      parts: {},
      moment: undefined,
      readings: new Map(),
      decisions: newTally(),
      answers: newTally(),
      earlier: undefined,
      reading: undefined,
      listeners: new Set(),
      timer: undefined,
      told: undefined,
      complained: false,
    }
    boards.set(rt.config, board)
  }
  return board
}

/** How each part is read; parts that are due are read one after the other, on one connection. */
const READ: { [P in keyof Parts]: (rt: Runtime, board: Board, moment: Moment) => Promise<Parts[P]> } = {
  customers: async (rt) => {
    const rows = await store.customersByStage(rt.db, await todayOf(rt, await zoneOf(rt)))
    const of = (stage: string) => rows.find((row) => row.stage === stage)?.customers ?? 0
    return {
      total: rows.reduce((sum, row) => sum + row.customers, 0),
      prospects: of('prospect'),
      customers: of('customer'),
      former: of('former'),
      cameInToday: rows.reduce((sum, row) => sum + row.began, 0),
    }
  },
  events: (rt, _board, { nowMs, dayMs }) => store.eventsTakenIn(rt.db, dayMs, nowMs - MINUTE_MS),
  feeds: async (rt) => {
    const revision = await activeRevision(rt)
    const health = revision.sequence === 0 ? [] : await feedHealth(rt)
    const count = (state: string) => health.filter((source) => source.state === state).length
    const dates = health.flatMap(({ asOf }) => asOf ?? []).sort()
    return {
      ok: count('ok'),
      late: count('late'),
      unbalanced: count('unbalanced'),
      refused: count('refused'),
      never: count('never'),
      businessDate: dates[0] ?? null,
      sources: health,
    }
  },
  attributes: async (rt) => {
    const row = await store.attributesNow(rt.db)
    return {
      asOf: row?.asOf ?? null,
      computedAt: row?.computedAt?.toISOString() ?? null,
      customers: row?.customers ?? 0,
    }
  },
  decisions: async (rt, { decisions }, { nowMs }) => {
    const sinceMs = nowMs - 59 * MINUTE_MS
    const fromMs = readFrom(decisions, sinceMs, nowMs)
    putIn(decisions, await store.decisionsByMinute(rt.db, fromMs), { fromMs, sinceMs, nowMs })
    const minutes = Array.from({ length: 60 }, (_, back) => minuteOf(nowMs) - (59 - back) * MINUTE_MS)
    return {
      lastMinute: await store.decisionsSince(rt.db, nowMs - MINUTE_MS),
      lastHour: sumOf(decisions, 'made'),
      lastHourWithSomething: sumOf(decisions, 'something'),
      minutes: minutes.map((minute) => ({
        at: new Date(minute).toISOString(),
        made: decisions.minutes.get(minute)?.get('made') ?? 0,
        withSomething: decisions.minutes.get(minute)?.get('something') ?? 0,
      })),
    }
  },
  contacts: async (rt, board, { nowMs, dayMs }) => {
    const earlier = await earlierContacts(rt, board, dayMs, nowMs)
    const latest = await store.contactsBetween(rt.db, earlier.toMs, nowMs + 1000)
    const sums = new Map<string, store.ContactLine>()
    for (const line of [...earlier.lines, ...latest]) {
      const key = `${line.channel} ${line.state}`
      sums.set(key, { ...line, count: (sums.get(key)?.count ?? 0) + line.count })
    }
    const lines = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line)
    return { today: lines.reduce((sum, line) => sum + line.count, 0), lines }
  },
  answers: async (rt, { answers }, { nowMs, dayMs }) => {
    const fromMs = readFrom(answers, dayMs, nowMs)
    putIn(answers, await store.answersByMinute(rt.db, fromMs), { fromMs, sinceMs: dayMs, nowMs })
    const of = (kind: string) => sumOf(answers, kind)
    const kinds = {
      impression: of('impression'),
      click: of('click'),
      accept: of('accept'),
      refuse: of('refuse'),
      not_now: of('not_now'),
      never: of('never'),
    }
    return { today: Object.values(kinds).reduce((sum, count) => sum + count, 0), kinds }
  },
  learned: async (rt) => {
    const { takenAt, lastAt, ...row } = await store.learnedSoFar(rt.db)
    return { ...row, takenAt: takenAt?.toISOString() ?? null, lastAt: lastAt?.toISOString() ?? null }
  },
  needs: (rt, _board, { nowMs }) => store.waitingForPeople(rt.db, nowMs),
}

/** The day's contacts but the latest, whose states may still change: read again when their own pace allows. */
async function earlierContacts(rt: Runtime, board: Board, dayMs: number, nowMs: number) {
  const before = board.earlier
  const pace = board.readings.get('earlier contacts')
  if (
    before &&
    pace &&
    before.dayMs === dayMs &&
    before.toMs <= nowMs &&
    !isDue(pace, performance.now(), rt.config.pulse.readingPercent)
  )
    return before
  const began = performance.now()
  const toMs = Math.max(dayMs, nowMs - LATEST_MS)
  board.earlier = { dayMs, toMs, lines: await store.contactsBetween(rt.db, dayMs, toMs) }
  const ended = performance.now()
  board.readings.set('earlier contacts', { readAtMs: ended, tookMs: ended - began })
  return board.earlier
}

async function zoneOf(rt: Runtime): Promise<string> {
  const revision = await activeRevision(rt)
  return revision.sequence === 0 ? 'UTC' : bankOf(revision).zone
}

async function momentOf(rt: Runtime, board: Board): Promise<Moment> {
  const zone = await zoneOf(rt)
  const now = rt.clock.now()
  const day = localDate(now, zone)
  const dayMs = board.moment?.day === day ? board.moment.dayMs : (await store.startOfDay(rt.db, day, zone)).getTime()
  return { nowMs: now.getTime(), day, dayMs }
}

/** Reads the parts whose pace allows it; who asks meanwhile waits for the same reading. */
function refresh(rt: Runtime, board: Board, leastMs: number): Promise<void> {
  board.reading ??= (async () => {
    const moment = await momentOf(rt, board)
    if (board.moment?.day !== moment.day) board.readings.clear()
    board.moment = moment
    for (const part of Object.keys(READ) as (keyof Parts)[]) {
      const last = board.readings.get(part)
      const began = performance.now()
      if (last && !isDue(last, began + LEAST_MS - leastMs, rt.config.pulse.readingPercent)) continue
      const value = await READ[part](rt, board, moment)
      Object.assign(board.parts, { [part]: value })
      board.readings.set(part, { readAtMs: performance.now(), tookMs: performance.now() - began })
    }
  })().finally(() => {
    board.reading = undefined
  })
  return board.reading
}

const shown = (board: Board): Pulse => ({
  at: new Date(board.moment!.nowMs).toISOString(),
  day: board.moment!.day,
  ...(board.parts as Parts),
})

/** The loop at a glance. Each figure is as fresh as its pace allows: at once, unless reading it takes long. */
export async function pulseNow(rt: Runtime): Promise<Pulse> {
  const board = boardOf(rt)
  await refresh(rt, board, 0)
  return shown(board)
}

const message = (event: string, data: object): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`

/**
 * The pulse as server-sent events: 'pulse' with everything, then 'changed' with the parts that changed, and 'end' with
 * the reason before it ends. `stillMay` is asked every few seconds; `closes` fires when the server closes.
 * Errors: `listeners_full` (unavailable).
 */
export async function listenToPulse(
  rt: Runtime,
  { stillMay, closes }: { stillMay: () => Promise<boolean>; closes: AbortSignal },
): Promise<Readable> {
  const board = boardOf(rt)
  if (board.listeners.size >= LISTENERS_MAX)
    throw unavailable(
      'listeners_full',
      { listenersMax: LISTENERS_MAX },
      'As many screens listen to this server as it can tell.',
      'Ask GET /api/learn/pulse every few seconds instead.',
    )
  const stream = new PassThrough({ highWaterMark: 2 * UNREAD_BYTES_MAX })
  const nowMs = performance.now()
  const listener: Listener = { stream, stillMay, checkedMs: nowMs, beatMs: nowMs }
  const bye = () => letGo(board, listener, 'server')
  closes.addEventListener('abort', bye)
  stream.once('close', () => {
    closes.removeEventListener('abort', bye)
    board.listeners.delete(listener)
  })
  stream.on('error', () => {})
  board.listeners.add(listener)
  try {
    if (!board.timer) await refresh(rt, board, 0)
    if (!board.told) board.told = { ...(board.parts as Parts) }
    stream.write(message('pulse', { ...shown(board), ...board.told }))
  } catch (error) {
    stream.destroy()
    throw error
  }
  if (closes.aborted) bye()
  else beatOn(rt, board)
  return stream
}

function letGo(board: Board, { stream, ...listener }: Listener, reason: 'session' | 'server' | 'slow'): void {
  for (const one of board.listeners) if (one.stream === stream) board.listeners.delete(one)
  void listener
  stream.end(message('end', { reason }))
}

/** The one loop of a server, which runs while somebody listens. */
function beatOn(rt: Runtime, board: Board): void {
  if (board.timer) return
  const next = () => {
    board.timer = setTimeout(() => void beat(), TICK_MS)
    board.timer.unref()
  }
  const beat = async () => {
    if (board.listeners.size === 0) {
      board.timer = undefined
      board.told = undefined
      return
    }
    try {
      await refresh(rt, board, LEAST_MS)
      board.complained = false
    } catch (error) {
      if (!board.complained) rt.log.warn({ error }, 'the pulse could not be read: trying again')
      board.complained = true
    }
    tell(board)
    next()
  }
  next()
}

function tell(board: Board): void {
  const nowMs = performance.now()
  const after = { ...(board.parts as Parts) }
  const changed = changedParts(board.told ?? ({} as Parts), after)
  board.told = after
  const text = changed && message('changed', { at: shown(board).at, day: board.moment!.day, ...changed })
  for (const listener of [...board.listeners]) {
    if (listener.stream.writableLength > UNREAD_BYTES_MAX) letGo(board, listener, 'slow')
    else if (text) listener.stream.write(text)
    else if (nowMs - listener.beatMs >= BEAT_MS) listener.stream.write(': beat\n\n')
    else continue
    listener.beatMs = nowMs
  }
  for (const listener of board.listeners) {
    if (nowMs - listener.checkedMs < SESSION_CHECK_MS) continue
    listener.checkedMs = nowMs
    listener.stillMay().then(
      (may) => {
        if (!may) letGo(board, listener, 'session')
      },
      // The store is away: who may not is found the next time.
      () => {},
    )
  }
}
