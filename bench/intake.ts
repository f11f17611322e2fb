import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBank } from '#app/bank'
import { buildApp } from '#app/server'
import { subscriptions as events } from '#know/events'
import { drain } from '#platform/outbox'
import { copyRows } from '#platform/postgres'
import { bucketOf, type Runtime } from '#platform/runtime'
import { createKey, systemActor } from '#trust/access'
import { atLeast, type BenchRun, type Figure, printed } from './figure.ts'
import { eventOf, type Load, type Loaded } from './intake-load.ts'

const CUSTOMERS = 500_000
const EVENTS = 400_000
const EVENTS_PER_REQUEST = 5_000
const ROUNDS = 5

/**
 * Durable, deduplicated intake of events over HTTP: a separate process sends bulk requests over loopback, a twentieth of
 * the events twice. The peer is COPY of the same rows into tables with the same keys (the events, their keys, and the
 * versions of their customers), in one transaction, durable too.
 */
export const run: BenchRun = async ({ size, progress }) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'clientele-bench-'))
  const bank = await openBank({ dataDir })
  try {
    const { rt } = bank
    const perRound = Math.max(2, Math.round((EVENTS * size) / ROUNDS / EVENTS_PER_REQUEST)) * EVENTS_PER_REQUEST
    const customers = Math.max(perRound * (ROUNDS + 1), Math.round(CUSTOMERS * size))
    progress(`${customers} customers`)
    await rt.db`insert into know.customer (customer_id, kind) select i, 'person' from generate_series(1, ${customers}) i`
    await rt.db`vacuum analyze know.customer`
    await rt.db`create schema bench`
    await rt.db`create table bench.event (like know.event including all)`
    await rt.db`create table bench.event_key (like know.event_key including all)`
    await rt.db`create table bench.stream (like platform.stream including all)`
    const server = await serve(rt)
    const sum = { given: 0, takenMs: 0, copied: 0, copiedMs: 0, cpuMs: 0 }
    // In turns, so that whatever else the machine does meanwhile falls on both. The first round warms up.
    for (let round = 0; round <= ROUNDS; round++) {
      const part = { from: round * perRound, count: perRound, customers }
      const taken = await takeIn(server, part)
      if (taken.applied !== perRound || taken.given !== taken.applied + taken.duplicate)
        throw new Error(`the counts do not add up: ${JSON.stringify(taken)}, expected ${perRound} applied`)
      const copiedMs = await copyThem(rt, part)
      const perSecond = (events: number, ms: number) => Math.round((events / ms) * 1000)
      progress(
        `${perSecond(taken.given, taken.durationMs)} events/s over HTTP, ${perSecond(perRound, copiedMs)} by COPY`,
      )
      if (round === 0) continue
      sum.given += taken.given
      sum.takenMs += taken.durationMs
      sum.cpuMs += taken.cpuMs
      sum.copied += perRound
      sum.copiedMs += copiedMs
    }
    await server.close()
    const perSecond = (sum.given / sum.takenMs) * 1000
    const referencePerSecond = (sum.copied / sum.copiedMs) * 1000
    const count = perRound * (ROUNDS + 1)
    const began = performance.now()
    await drain(rt, events)
    const projected = (count / (performance.now() - began)) * 1000
    const figures: Figure[] = [
      atLeast(
        'events taken in over HTTP',
        'events/s',
        perSecond,
        'COPY into the same keyed tables',
        referencePerSecond,
        0.4,
      ),
      printed('CPU of the server per event', 'µs', (sum.cpuMs * 1000) / sum.given),
      printed('events projected into the lake', 'events/s', projected),
    ]
    return { figures }
  } finally {
    await bank.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

interface Served {
  url: string
  key: string
  close(): Promise<unknown>
}

async function serve(rt: Runtime): Promise<Served> {
  const app = buildApp(rt)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { key } = await createKey(rt, { title: 'bench', permissions: ['know.events:create'] }, systemActor('bench'))
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/know/events/bulk`
  return { url, key, close: () => app.close() }
}

type Part = Pick<Load, 'from' | 'count' | 'customers'>

/** Lets another process send these events to the server of this one. */
async function takeIn({ url, key }: Served, part: Part): Promise<Loaded & { cpuMs: number }> {
  const child = fork(new URL('./intake-load.ts', import.meta.url), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  try {
    const load: Load = { url, key, ...part, perRequest: EVENTS_PER_REQUEST }
    let before = process.cpuUsage()
    const loaded = await new Promise<Loaded>((resolve, reject) => {
      child.on('message', (message: { ready: true } | { loaded: Loaded } | { failed: string }) => {
        if ('failed' in message) reject(new Error(message.failed))
        else if ('loaded' in message) resolve(message.loaded)
        else before = process.cpuUsage()
      })
      child.on('exit', (code) => reject(new Error(`the load process ended with ${code}`)))
      child.send(load)
    })
    const { user, system } = process.cpuUsage(before)
    return { ...loaded, cpuMs: (user + system) / 1000 }
  } finally {
    child.kill()
  }
}

/** The same events by COPY into tables with the same columns and keys, in one transaction; milliseconds. */
async function copyThem(rt: Runtime, { from, count, customers }: Part): Promise<number> {
  const rows = Array.from({ length: count }, (_, i) => {
    const event = eventOf(from + i, customers)
    return { event, id: rt.ids.next(bucketOf(event.customerId)) }
  })
  const at = rt.clock.now().toISOString()
  const began = performance.now()
  await rt.db.begin(async (tx) => {
    const db = tx as unknown as Runtime['db']
    await copyRows(
      db,
      'bench.event',
      [
        'customer_id',
        'event_id',
        'version',
        'source',
        'source_event_id',
        'type',
        'occurred_at',
        'received_at',
        'payload',
      ],
      rows.map(({ event: e, id }) => [e.customerId, id, 1, e.source, e.id, e.type, e.occurredAt, at, e.payload]),
    )
    await copyRows(
      db,
      'bench.event_key',
      ['source', 'source_event_id', 'customer_id', 'event_id', 'digest'],
      rows.map(({ event: e, id }) => [e.source, e.id, e.customerId, id, id]),
    )
    // A customer has at most one event in this run, so each event has its customer's version beside it.
    await copyRows(
      db,
      'bench.stream',
      ['customer_id', 'version'],
      rows.map(({ event }) => [event.customerId, 1]),
    )
  })
  return performance.now() - began
}
