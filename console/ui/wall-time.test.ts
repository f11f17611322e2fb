import { expect, test } from 'vitest'
import { instantAt, wallTime } from './wall-time.ts'

const berlin = (wall: string): string | undefined => instantAt(wall, 'Europe/Berlin')?.toISOString()

test('what the clock on the bank’s wall shows is an instant, in summer as in winter, wherever one sits', () => {
  expect(berlin('2026-03-02T09:00')).toBe('2026-03-02T08:00:00.000Z')
  expect(berlin('2026-07-01T00:30')).toBe('2026-06-30T22:30:00.000Z')
  expect(instantAt('2026-03-02T09:00', 'Asia/Kathmandu')?.toISOString()).toBe('2026-03-02T03:15:00.000Z')
})

test('of the hour that comes twice it is the first; of the hour that is left out, the jump over it', () => {
  expect(berlin('2026-10-25T02:30')).toBe('2026-10-25T00:30:00.000Z')
  expect(berlin('2026-03-29T02:30')).toBe('2026-03-29T01:00:00.000Z')
  expect(berlin('2026-03-29T03:00')).toBe('2026-03-29T01:00:00.000Z')
})

test('there and back it is the same minute', () => {
  for (const at of ['2026-03-29T00:59:00Z', '2026-03-29T01:00:00Z', '2026-12-31T23:00:00Z'])
    expect(instantAt(wallTime(new Date(at), 'Europe/Berlin'), 'Europe/Berlin')).toEqual(new Date(at))
})

test('half a date is none', () => {
  expect([instantAt('', 'UTC'), instantAt('2026-03', 'UTC'), instantAt('2026-13-40T10:00', 'UTC')]).toEqual([
    null,
    null,
    null,
  ])
})
