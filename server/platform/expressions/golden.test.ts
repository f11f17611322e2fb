import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closureOf } from './closure.ts'
import { compile, environment, type Facts, type FieldSpec, isError, type Program } from './index.ts'
import { plainSql } from './sql.ts'
import { same } from './trial-compare.ts'
import { openTrialLake, type TrialLake } from './trial-lake.ts'

const FOLDER = join(import.meta.dirname, '../../../golden/expressions')

interface Golden {
  why: string
  source: string
  facts: Facts
  gives?: unknown
  error?: string
}

const { zone, namespaces } = JSON.parse(readFileSync(join(FOLDER, 'environment.json'), 'utf8')) as {
  zone: string
  namespaces: Record<string, Record<string, FieldSpec>>
}
const env = environment(Object.fromEntries(Object.entries(namespaces).map(([name, fields]) => [name, { fields }])), {
  zone,
})
const cases = readFileSync(join(FOLDER, 'cases.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Golden)

function programOf(source: string): Program {
  const compiled = compile(env, source)
  if (!compiled.ok) throw new Error(`${source}: ${compiled.errors[0]!.message}`)
  return compiled.program
}

describe('golden expressions: the answers that every release gives', () => {
  test.each(cases)('$why', ({ source, facts, gives, error }) => {
    const found = programOf(source).evaluate(facts)
    expect(isError(found) ? { error: found.code } : { gives: found }).toEqual(error ? { error } : { gives })
  })

  describe('and ClickHouse gives the same', () => {
    // Columns are typed and ranged, so what is wrong with a fact is found before it is stored.
    const storable = cases.filter(({ facts }) =>
      Object.values(facts.customer ?? {}).every(
        (value) => value !== 9007199254740992 && value !== '18' && value !== 10.5 && value !== '2026-02-29',
      ),
    )
    let lake: TrialLake
    beforeAll(() => {
      lake = openTrialLake(
        env,
        storable.map(({ facts }) => facts),
      )
    })
    afterAll(() => lake?.close())

    test('for every case whose facts can be stored', () => {
      const programs = storable.map(({ source }) => programOf(source))
      const answers = lake.ask(programs.map(({ ast }) => plainSql(env, ast)))
      const wrong = storable.filter(({ facts, error }, i) => {
        const { ast } = programs[i]!
        const answer = answers[i]![i]!
        return error ? !answer.error : answer.error || !same(ast.type, closureOf(env, ast)(facts), answer.value)
      })
      expect(wrong.map(({ source }) => source)).toEqual([])
    })
  })
})
