import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isError } from './errors.ts'
import { clickHouseSql, plainSql } from './sql.ts'
import { operatorsOf, shapeOf } from './trial-cells.ts'
import { byClosure, type Disagreement, disagreements } from './trial-compare.ts'
import { CELLS, differentialTrials, USES_MIN } from './trial-generate.ts'
import { openTrialLake, type TrialLake } from './trial-lake.ts'
import { trialEnvironment, trialRows } from './trial-rows.ts'

const SHAPES_MIN = 5_000
const PER_BATCH = 200
// Who is admitted is made from the same parts as the value, so it is asked of every third condition.
const SIDES_EVERY = 3

describe('the closure and ClickHouse give every customer the same answer', () => {
  const trials = differentialTrials()
  const closures = trials.map(({ ast }) => byClosure(ast))
  let lake: TrialLake
  beforeAll(() => {
    lake = openTrialLake()
  })
  afterAll(() => lake?.close())

  test('at least 5,000 shapes are tried, and every operator on every type it takes at least 100 times', () => {
    expect(new Set(trials.map(({ ast }) => shapeOf(ast))).size).toBeGreaterThanOrEqual(SHAPES_MIN)
    const uses = new Map<string, number>()
    for (const { ast } of trials)
      for (const cell of new Set(operatorsOf(ast))) uses.set(cell, (uses.get(cell) ?? 0) + 1)
    expect(CELLS.length).toBeGreaterThan(250)
    expect(CELLS.filter((cell) => (uses.get(cell) ?? 0) < USES_MIN)).toEqual([])
  })

  test('the customers hold every edge', () => {
    const values = (name: string): unknown[] => trialRows.map((row) => row.customer?.[name])
    const numbers = [...values('i1'), ...values('wide'), ...values('d1')]
    for (const edge of [
      undefined,
      null,
      0,
      -0,
      Number.NaN,
      Infinity,
      -Infinity,
      2 ** 53 - 1,
      1 - 2 ** 53,
      2 ** 53,
      -(2 ** 53),
    ]) {
      expect(numbers.some((value) => Object.is(value, edge))).toBe(true)
    }
    expect(values('day1')).toEqual(expect.arrayContaining(['2024-02-29', '2000-02-29']))
    expect(values('at1')).toEqual(
      expect.arrayContaining(['2026-03-29T00:59:59.999Z', '2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z']),
    )
    expect(values('s1')).toEqual(expect.arrayContaining(['', '🐱', 'e\u0301']))
    expect(values('ints')).toEqual(expect.arrayContaining([[]]))
  })

  test('most conditions are true for some customers and false for others', () => {
    const conditions = trials.flatMap(({ ast }, i) => (ast.type === 'bool' ? [closures[i]!] : []))
    const bothWays = conditions.filter((outcomes) => outcomes.includes(true) && outcomes.includes(false))
    expect(bothWays.length / conditions.length).toBeGreaterThan(0.6)
    expect(closures.flat().filter(isError).length / closures.flat().length).toBeGreaterThan(0.05)
  })

  test('value and error agree, and so do who is admitted and who is excluded', () => {
    const found: Disagreement[] = []
    for (let from = 0; from < trials.length; from += PER_BATCH) {
      const batch = trials.slice(from, from + PER_BATCH)
      const answers = lake.ask(batch.map(({ ast }) => plainSql(trialEnvironment, ast)))
      const conditions = batch.flatMap((trial, i) =>
        trial.ast.type === 'bool' && i % SIDES_EVERY === 0 ? [{ trial, closure: closures[from + i]! }] : [],
      )
      const sides = lake.values(
        conditions.flatMap(({ trial }) => {
          const { admits, excludes } = clickHouseSql(trialEnvironment, trial.ast)
          return [admits, excludes]
        }),
      )
      for (const [i, trial] of batch.entries()) found.push(...disagreements(trial, closures[from + i]!, answers[i]!))
      for (const [i, { trial, closure }] of conditions.entries()) {
        for (let row = 0; row < trialRows.length; row++) {
          const admitted = sides[2 * i]![row] === 1
          const excluded = sides[2 * i + 1]![row] === 1
          if (admitted !== (closure[row] === true) || excluded !== (closure[row] !== false)) {
            found.push({
              source: trial.source,
              row,
              closure: closure[row],
              sql: { value: { admitted, excluded }, error: false },
            })
          }
        }
      }
    }
    expect(found.slice(0, 5)).toEqual([])
  }, 900_000)
})
