import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import {
  ended,
  enter,
  identityOf,
  isAlive,
  ownIdentity,
  residents,
  signal,
  tryLock,
  unlock,
  withLock,
} from '#platform/supervision'

const folder = mkdtempSync(join(tmpdir(), 'clientele-supervision-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A process that lives until it is killed. */
function sleeper(): { pid: number; kill(): Promise<void> } {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    pid: child.pid!,
    kill: () => {
      child.kill('SIGKILL')
      return gone
    },
  }
}

describe('who a process is', () => {
  test('this one is alive, and itself', () => {
    expect(isAlive(ownIdentity())).toBe(true)
    expect(identityOf(process.pid)).toBe(ownIdentity())
  })

  test('the same id begun at another time is another process, which gets no signal', () => {
    const other = `${process.pid}@1`
    expect(isAlive(other)).toBe(false)
    expect(signal(other, 'SIGKILL')).toBe(false)
  })

  test('an ended one is noticed', async () => {
    const child = sleeper()
    const identity = identityOf(child.pid)!
    expect(await ended(identity, 30)).toBe(false)
    await child.kill()
    expect(await ended(identity, 1_000)).toBe(true)
  })
})

describe('a lock between processes', () => {
  test('is held by one at a time', async () => {
    const path = join(folder, 'one')
    let inside = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 8 }, () =>
        withLock(path, 10_000, async () => {
          most = Math.max(most, ++inside)
          await new Promise((resolve) => setTimeout(resolve, 5))
          inside--
        }),
      ),
    )
    expect(most).toBe(1)
  })

  test('of a process that was killed is taken over, by one', async () => {
    const child = sleeper()
    const path = join(folder, 'dead')
    writeFileSync(path, `${identityOf(child.pid)} 1`)
    expect(tryLock(path)).toBe(false)
    await child.kill()
    expect(tryLock(path)).toBe(true)
    expect(tryLock(path)).toBe(false)
    expect(readFileSync(path, 'utf8')).toContain(ownIdentity())
    unlock(path)
  })

  test('held too long is a problem that names the holder', async () => {
    const path = join(folder, 'long')
    tryLock(path)
    await expect(withLock(path, 50, async () => {})).rejects.toMatchObject({
      code: 'data_directory_busy',
      facts: { holder: ownIdentity() },
    })
    unlock(path)
  })

  test('leaves no file behind', () => {
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('residents', () => {
  test('count the uses by live processes only', async () => {
    const house = join(folder, 'house')
    const child = sleeper()
    const mine = enter(house)
    enter(house, identityOf(child.pid)!)
    expect(residents(house)).toBe(2)
    await child.kill()
    expect(residents(house)).toBe(1)
    mine.leave()
    expect(residents(house)).toBe(0)
    expect(readdirSync(house)).toEqual([])
    rmSync(house, { recursive: true })
  })
})
