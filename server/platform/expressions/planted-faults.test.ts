import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { childrenOf, type Node, walk } from './ast.ts'
import { closureOf } from './closure.ts'
import { implementations } from './closure-functions.ts'
import type { Environment, Field } from './environment.ts'
import { plainSql } from './sql.ts'
import { functionsSql } from './sql-functions.ts'
import type { Sql } from './sql-text.ts'
import { byClosure, disagreements } from './trial-compare.ts'
import { FAULTS, type Fault } from './trial-faults.ts'
import { differentialTrials } from './trial-generate.ts'
import { openTrialLake, type TrialLake } from './trial-lake.ts'
import { trialEnvironment } from './trial-rows.ts'

const TRIALS_PER_FAULT = 120

/** The tree with every node changed, children first. */
function rewritten(node: Node, change: (node: Node) => Node): Node {
  const copy = structuredClone(node) as Node
  const visit = (each: Node): Node => {
    for (const child of childrenOf(each)) Object.assign(child, visit(child))
    return change(each)
  }
  return visit(copy)
}

function environmentWith(column: NonNullable<Fault['column']>): Environment {
  const fields = new Map<string, Field>()
  for (const [name, field] of trialEnvironment.namespaces.get('customer')!)
    fields.set(name, { ...field, column: column(name, field.column) })
  return { ...trialEnvironment, namespaces: new Map([['customer', fields]]) }
}

function faultySql(fault: Fault, node: Node): Sql {
  const table = functionsSql as Record<string, unknown>
  const right = Object.fromEntries(Object.keys(fault.sql ?? {}).map((id) => [id, table[id]]))
  Object.assign(table, fault.sql)
  try {
    const { value, error } = plainSql(
      fault.column ? environmentWith(fault.column) : trialEnvironment,
      fault.ast ? rewritten(node, fault.ast) : node,
    )
    return fault.text ? { value: fault.text(value), error: fault.text(error) } : { value, error }
  } finally {
    Object.assign(table, right)
  }
}

describe('a fault in either backend is found by expressions of the differential test', () => {
  const trials = differentialTrials()
  const rightSql = trials.map(({ ast }) => plainSql(trialEnvironment, ast))
  let lake: TrialLake
  beforeAll(() => {
    lake = openTrialLake()
  })
  afterAll(() => lake?.close())

  test('there are at least twenty', () => expect(FAULTS.length).toBeGreaterThanOrEqual(20))

  test.each(FAULTS)('$sentence', (fault) => {
    const touched = trials
      .flatMap((trial, i) => {
        if (fault.closure)
          return [...walk(trial.ast)].some((node) => node.kind === 'call' && node.id in fault.closure!)
            ? [{ trial, sql: rightSql[i]! }]
            : []
        const sql = faultySql(fault, trial.ast)
        return sql.value !== rightSql[i]!.value || sql.error !== rightSql[i]!.error ? [{ trial, sql }] : []
      })
      .slice(0, TRIALS_PER_FAULT)
    expect(touched.length).toBeGreaterThan(0)
    const functions = { ...implementations(trialEnvironment.zone), ...fault.closure }
    const answers = lake.ask(touched.map(({ sql }) => sql))
    const found = touched.filter(
      ({ trial }, i) =>
        disagreements(trial, byClosure(trial.ast, closureOf(trialEnvironment, trial.ast, functions)), answers[i]!)
          .length > 0,
    )
    expect(found.length).toBeGreaterThan(0)
  })
})
