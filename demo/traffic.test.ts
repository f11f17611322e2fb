/** A day of customers in minutes, against a bank's platform that offers one thing: who takes it is their hidden wish. */
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, scratchFolder } from '#test/scratch'
import { booksOf } from './books.ts'
import { dayOf } from './days.ts'
import { dayCore } from './pages/core.ts'
import { type Status, traffic } from './pages/traffic.ts'
import { visitorsOf } from './play.ts'
import { takes } from './truth.ts'

const TEXT = 'Easy Saver pays 0.75 % on what lies idle.'
const bank = { seed: 7, size: 1009, today: dayOf('2026-03-02'), years: 2 }
const folder = scratchFolder('riverside-traffic')
let platform: Server
let url: string
let said: Record<string, number> = {}

beforeAll(async () => {
  platform = createServer((request, reply) => {
    let text = ''
    request.on('data', (bytes: Buffer) => {
      text += bytes.toString()
    })
    request.on('end', () => {
      const { kind = 'other' } = JSON.parse(text || '{}') as { kind?: string }
      said = { ...said, [kind]: (said[kind] ?? 0) + 1 }
      const action = { contactId: 'c', action: 'easy_saver', class: 'marketing', language: 'en', text: TEXT }
      reply.setHeader('content-type', 'application/json')
      reply.end(JSON.stringify(request.url?.endsWith('/ask') ? { actions: [action] } : {}))
    })
  }).listen(0, '127.0.0.1')
  await new Promise((done) => platform.once('listening', done))
  url = `http://127.0.0.1:${(platform.address() as AddressInfo).port}`
})
afterAll(() => {
  platform.closeAllConnections()
  platform.close()
  folder.remove()
})

test('takes what its people truly wish, and the core’s post has what was opened', async () => {
  // A clock of their own, which goes on with the visits that were made: no machine is too slow for it.
  let nowMs = Date.parse('2026-03-02T08:00:00Z')
  const carried: string[] = []
  const now = () => new Date(nowMs)
  const core = dayCore(bank, { folder: folder.path, carry: (name) => carried.push(name), now })
  const live = traffic({ url, apiKey: 'k' }, bank, now, core)
  live.start(600)
  let [seen, still] = [0, 0]
  const lived = (await eventually(() => {
    const status = live.status()
    // At night nobody comes: then it goes on too.
    still = status.visits > seen ? 0 : still + 1
    if (still === 0 || still > 3) nowMs += 500
    seen = status.visits
    return status.visits >= 600 && carried.length > 0 && status
  }, 110_000)) as Status
  const ended = live.stop()
  expect(ended).toMatchObject({ running: false, failed: 0 })

  const day = dayOf('2026-03-02')
  const people = visitorsOf(booksOf(bank, 0))
  const wishes = people.map(({ person, held }) =>
    takes(
      7,
      person,
      held,
      { action: 'easy_saver', class: 'marketing', channel: 'app', language: 'en', text: TEXT },
      day,
    ),
  )
  const wished = wishes.reduce((all, one) => all + one, 0) / wishes.length
  // About one in a hundred; not one in ten, and not none of hundreds.
  expect(wished).toBeGreaterThan(0.002)
  expect(lived.accepted / lived.shown).toBeGreaterThan(wished / 4)
  expect(lived.accepted / lived.shown).toBeLessThan(wished * 4)
  expect(said.accept).toBeGreaterThanOrEqual(lived.accepted)
  expect(ended.opened).toBeGreaterThan(0)
  expect(ended.opened).toBeLessThan(ended.visits / 15)

  const rows = readdirSync(folder.path).flatMap((name) =>
    readFileSync(join(folder.path, name, 'holdings.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1),
  )
  expect(rows.length).toBe(ended.opened)
  for (const name of carried)
    expect(JSON.parse(readFileSync(join(folder.path, name, 'roles.control.json'), 'utf8')).rows).toBeGreaterThan(0)
})
