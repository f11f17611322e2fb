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

/**
 * Durable, deduplicated intake of events over HTTP: a separate process sends bulk requests over loopback, a twentieth of
 * the events twice. The peer is COPY of the same events into tables with the same keys, in one stream, durable too.
 */
export const run: BenchRun = async ({ size, progress }) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'clientele-bench-'))
  const bank = await openBank({ dataDir })
  try {
    const { rt } = bank
    const customers = Math.max(1000, Math.round(CUSTOMERS * size))
    const count = Math.max(
      EVENTS_PER_REQUEST * 4,
      Math.round((EVENTS * size) / EVENTS_PER_REQUEST) * EVENTS_PER_REQUEST,
    )
    progress(`${customers} customers`)
    await rt.db`insert into know.customer (customer_id, kind) select i, 'person' from generate_series(1, ${customers}) i`
    await rt.db`vacuum analyze know.customer`
    const first = await takeIn(rt, { from: 0, count: EVENTS_PER_REQUEST * 4, customers }, () => {})
    progress(`warmed up with ${first.given} events`)
    const taken = await takeIn(rt, { from: count, count, customers }, progress)
    if (taken.applied !== count || taken.given !== taken.applied + taken.duplicate)
      throw new Error(`the counts do not add up: ${JSON.stringify(taken)}, expected ${count} applied`)
    const perSecond = (taken.given / taken.durationMs) * 1000
    progress(`${Math.round(perSecond)} events/s over HTTP`)
    const referencePerSecond = await copyThem(rt, count, customers)
    progress(`${Math.round(referencePerSecond)} events/s by COPY`)
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
      printed('CPU of the server per event', 'µs', (taken.cpuMs * 1000) / taken.given),
      printed('events projected into the lake', 'events/s', projected),
    ]
    return { figures }
  } finally {
    await bank.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Lets another process send the events to a server of this one. */
async function takeIn(
  rt: Runtime,
  { from, count, customers }: { from: number; count: number; customers: number },
  progress: (sentence: string) => void,
): Promise<Loaded & { cpuMs: number }> {
  const app = buildApp(rt)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { key } = await createKey(rt, { title: 'bench', permissions: ['know.events:create'] }, systemActor('bench'))
  const child = fork(new URL('./intake-load.ts', import.meta.url), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  try {
    const load: Load = {
      url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/know/events/bulk`,
      key,
      from,
      count,
      customers,
      perRequest: EVENTS_PER_REQUEST,
    }
    const before = process.cpuUsage()
    const loaded = await new Promise<Loaded>((resolve, reject) => {
      child.on('message', (message: { ready: true } | { loaded: Loaded } | { failed: string }) => {
        if ('failed' in message) reject(new Error(message.failed))
        else if ('loaded' in message) resolve(message.loaded)
        else progress('the load process is ready')
      })
      child.on('exit', (code) => reject(new Error(`the load process ended with ${code}`)))
      child.send(load)
    })
    const { user, system } = process.cpuUsage(before)
    return { ...loaded, cpuMs: (user + system) / 1000 }
  } finally {
    child.kill()
    await app.close()
  }
}

/** The same events by COPY into tables with the same columns and keys; events per second. */
async function copyThem(rt: Runtime, count: number, customers: number): Promise<number> {
  await rt.db`create schema bench`
  await rt.db`create table bench.event (like know.event including all)`
  await rt.db`create table bench.event_key (like know.event_key including all)`
  const rows = Array.from({ length: count }, (_, i) => {
    const event = eventOf(count + i, customers)
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
      rows.map(({ event, id }) => [
        event.customerId,
        id,
        1,
        event.source,
        event.id,
        event.type,
        event.occurredAt,
        at,
        event.payload,
      ]),
    )
    await copyRows(
      db,
      'bench.event_key',
      ['source', 'source_event_id', 'customer_id', 'event_id', 'digest'],
      rows.map(({ event, id }) => [event.source, event.id, event.customerId, id, id]),
    )
  })
  return (count / (performance.now() - began)) * 1000
}
