import { describe, expect, test } from 'vitest'
import { batcher, type Settled } from './batch.ts'

const turns = {
  soon: (work: () => void): void => void setImmediate(work),
  after: (ms: number, work: () => void): void => void setTimeout(work, ms),
}
const AT_ONCE = { gatheredMin: 1, gatherMs: 0 }
const good = <R>(value: R): Settled<R> => ({ ok: true, value })
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('questions that arrive together', () => {
  test('share a batch, and each gets its own answer', async () => {
    const sizes: number[] = []
    const asks = batcher<number, number>(
      async (batch) => {
        sizes.push(batch.length)
        return batch.map((ask) => good(ask * 10))
      },
      turns,
      { asksMax: 128, batchesMax: 2, ...AT_ONCE },
    )
    expect(await Promise.all([1, 2, 3].map((id) => asks.ask(id, id)))).toEqual([10, 20, 30])
    expect(sizes).toEqual([3])
  })
  test('two of one customer never share one, and are answered in their order', async () => {
    const batches: string[][] = []
    const asks = batcher<string, string>(
      async (batch) => {
        batches.push([...batch])
        await pause(2)
        return batch.map(good)
      },
      turns,
      { asksMax: 128, batchesMax: 4, ...AT_ONCE },
    )
    await Promise.all([asks.ask(1, '1a'), asks.ask(1, '1b'), asks.ask(2, '2a'), asks.ask(1, '1c')])
    expect(batches).toEqual([['1a', '2a'], ['1b'], ['1c']])
  })
  test('a batch holds so many and no more, and so many are under way and no more', async () => {
    let underWay = 0
    let most = 0
    const asks = batcher<number, number>(
      async (batch) => {
        most = Math.max(most, ++underWay)
        expect(batch.length).toBeLessThanOrEqual(5)
        await pause(1)
        underWay--
        return batch.map(good)
      },
      turns,
      { asksMax: 5, batchesMax: 3, ...AT_ONCE },
    )
    await Promise.all(Array.from({ length: 100 }, (_, id) => asks.ask(id, id)))
    expect(most).toBe(3)
  })
  test('wait for company while others are answered, but not for long; alone, nobody waits', async () => {
    const sizes: number[] = []
    const open: (() => void)[] = []
    const timers: (() => void)[] = []
    const asks = batcher<number, number>(
      async (batch) => {
        sizes.push(batch.length)
        await new Promise<void>((resolve) => open.push(resolve))
        return batch.map(good)
      },
      { ...turns, after: (_, work) => void timers.push(work) },
      { asksMax: 48, batchesMax: 4, gatheredMin: 3, gatherMs: 3 },
    )
    const answered: Promise<number>[] = []
    const ask = async (id: number) => {
      answered.push(asks.ask(id, id))
      await pause(1)
    }
    await ask(1)
    expect(sizes).toEqual([1])
    await ask(2)
    await ask(3)
    expect(sizes).toEqual([1])
    await ask(4)
    expect(sizes).toEqual([1, 3])
    await ask(5)
    expect(sizes).toEqual([1, 3])
    timers.at(-1)!()
    expect(sizes).toEqual([1, 3, 1])
    for (const done of open) done()
    await Promise.all(answered)
  })
  test('one that cannot be answered spoils no other, and neither does a batch that breaks', async () => {
    const asks = batcher<number, number>(
      async (batch) => {
        if (batch.includes(13)) throw new Error('the store broke at 13')
        return batch.map((ask) => (ask === 4 ? { ok: false, error: new Error('no four') } : good(ask)))
      },
      turns,
      { asksMax: 128, batchesMax: 1, ...AT_ONCE },
    )
    const answers = await Promise.allSettled([1, 4, 13, 20].map((id) => asks.ask(id, id)))
    expect(answers.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual([
      1,
      'Error: no four',
      'Error: the store broke at 13',
      20,
    ])
    expect(await asks.ask(5, 5)).toBe(5)
  })
})
