import { describe, expect, test } from 'vitest'
import { marksTo, spread, stacked } from './chart-scale.ts'
import { squares } from './chart-squares.ts'
import { laidOut } from './chart-stream.ts'

describe('the side of a picture', () => {
  test('is marked at round numbers up to the most, and for what is counted at whole ones', () => {
    expect(marksTo(40, true)).toEqual([0, 10, 20, 30, 40])
    expect(marksTo(1200, true)).toEqual([0, 500, 1000, 1500])
    expect(marksTo(0.17)).toEqual([0, 0.05, 0.1, 0.15, 0.2])
    expect(marksTo(3, true)).toEqual([0, 1, 2, 3])
    expect(marksTo(1, true)).toEqual([0, 1])
    expect(marksTo(0)).toEqual([0, 1])
  })

  test('reaches the most whatever it is, with three to six marks', () => {
    for (let most = 0.003; most < 1e9; most *= 1.37) {
      const marks = marksTo(most)
      expect(marks.at(-1)!).toBeGreaterThanOrEqual(most * 0.998)
      expect(marks.length).toBeGreaterThanOrEqual(3)
      expect(marks.length).toBeLessThanOrEqual(6)
    }
  })

  test('sixty minutes are named at most seven times, evenly', () => {
    expect(spread(60, 7)).toEqual([0, 10, 20, 30, 40, 50])
    expect(spread(3, 7)).toEqual([0, 1, 2])
    expect(spread(1, 7)).toEqual([0])
    expect(spread(0, 7)).toEqual([])
  })

  test('series of a stack stand on each other', () => {
    expect(
      stacked([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    ).toEqual([
      [0, 0],
      [1, 2],
      [4, 6],
    ])
  })
})

describe('areas by size', () => {
  const whole = { x: 0, y: 0, width: 100, height: 100 }
  test('each has its share of the whole, and they fill it without overlapping', () => {
    const values = [60, 25, 10, 3, 2]
    const areas = squares(values, whole, 4)
    for (const [at, { width, height }] of areas.entries()) expect((width * height) / 100).toBeCloseTo(values[at]!, 8)
    for (const [at, one] of areas.entries())
      for (const other of areas.slice(at + 1)) {
        const across = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x)
        const down = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y)
        expect(Math.min(across, down)).toBeLessThan(1e-9)
      }
  })

  test('a picture four times as wide as high is divided across first', () => {
    const [first, second] = squares([1, 1], whole, 4)
    expect(first).toEqual({ x: 0, y: 0, width: 50, height: 100 })
    expect(second).toEqual({ x: 50, y: 0, width: 50, height: 100 })
  })

  test('nothing is divided among nobody', () => {
    expect(squares([], whole)).toEqual([])
  })
})

describe('flows between places', () => {
  const places = [
    { id: 'few', at: 0 },
    { id: 'many', at: 0 },
    { id: 'few then', at: 1 },
    { id: 'many then', at: 1 },
  ]
  const flows = [
    { from: 'many', to: 'few then', value: 10 },
    { from: 'few', to: 'few then', value: 30 },
    { from: 'few', to: 'many then', value: 20 },
    { from: 'many', to: 'many then', value: 40 },
  ]
  const { columns, spots, bands } = laidOut(places, flows, 116, 16)

  test('each place is as high as what goes through it, with room between, and the fullest column fills the picture', () => {
    expect(columns).toBe(2)
    expect(spots).toEqual([
      { y: 0, height: 50 },
      { y: 66, height: 50 },
      { y: 0, height: 40 },
      { y: 56, height: 60 },
    ])
  })

  test('a place hands its bands on in the order of where they go, and none overlaps another', () => {
    expect(bands).toEqual([
      { column: 0, from: 66, to: 30, breadth: 10 },
      { column: 0, from: 0, to: 0, breadth: 30 },
      { column: 0, from: 30, to: 56, breadth: 20 },
      { column: 0, from: 76, to: 76, breadth: 40 },
    ])
  })

  test('without flows nothing is drawn', () => {
    expect(laidOut([], [], 100, 16).bands).toEqual([])
  })
})
