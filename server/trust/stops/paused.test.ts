import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { person } from '#test/playbook'
import { stop } from './index.ts'

// A server process of its own: it follows the playbook, and for each line it is sent says whether it would act.
const SERVER = `
  import { createInterface } from 'node:readline'
  import { pool } from '#platform/postgres'
  import { randomIds } from '#platform/runtime'
  import { followPlaybook } from '#trust/playbook'
  import { isStopped, stops } from '#trust/stops'
  const log = { info() {}, warn() {}, error() {} }
  const rt = { db: pool(JSON.parse(process.env.CONNECTION)), config: {}, ids: randomIds(() => 0), log }
  await followPlaybook(rt, { name: 'another process' })
  const say = (text) => process.stdout.write(text + '\\n')
  for await (const _ of createInterface({ input: process.stdin })) {
    say(isStopped(await stops(rt), { action: 'goal_saver' }) ? 'stopped' : 'acts')
  }`

let bank: TestBank
let server: ReturnType<typeof spawn>
let lines: AsyncIterator<string>
beforeAll(async () => {
  bank = await testBank()
  server = spawn(process.execPath, ['--input-type=module', '-e', SERVER], {
    env: { ...process.env, CONNECTION: JSON.stringify(bank.connection) },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  lines = createInterface({ input: server.stdout! })[Symbol.asyncIterator]()
})
afterAll(async () => {
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGKILL')
  await ended
  await bank.close()
})

const ask = async (): Promise<string> => {
  server.stdin!.write('would you act?\n')
  return (await lines.next()).value
}
const wait = (durationMs: number) => new Promise((resolve) => setTimeout(resolve, durationMs))

test('a server process that was paused while everything was stopped does not act on what it last knew', async () => {
  expect(await ask()).toBe('acts')
  server.kill('SIGSTOP')
  await stop(bank.rt, { scope: 'everything', reason: 'A wrong rate.' }, person('duty-manager'))
  await wait(1500)
  server.kill('SIGCONT')
  // The first answer after it wakes, with no time to hear of anything.
  expect(await ask()).toBe('stopped')
})
