import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONFORMANCE_FOLDER, conformanceVerdicts, hasConformanceCases, REASONS, type Verdict } from './conformance.ts'
import { environment } from './environment.ts'
import { plainSql } from './sql.ts'
import { same } from './trial-compare.ts'
import { openTrialLake, type TrialLake } from './trial-lake.ts'

const PAGE = join(import.meta.dirname, '../../../docs/reference/expressions-conformance.md')

if (!hasConformanceCases())
  console.info(`The public CEL conformance cases are not at ${CONFORMANCE_FOLDER}: their tests are skipped.`)

describe.skipIf(!hasConformanceCases())("CEL's public conformance cases, where the bank's language has them", () => {
  const verdicts = hasConformanceCases() ? conformanceVerdicts() : []
  const tell = ({ file, section, name, expr, reason }: Verdict): string =>
    `${file} ${section} ${name}: ${expr} — ${reason}`

  test('every case passes or is excluded by a published rule', () => {
    const count = (outcome: Verdict['outcome']): number =>
      verdicts.filter((verdict) => verdict.outcome === outcome).length
    console.info(`CEL conformance: ${count('passed')} passed, ${count('excluded')} excluded, ${count('failed')} failed`)
    expect(verdicts.filter(({ outcome }) => outcome === 'failed').map(tell)).toEqual([])
    expect(count('passed')).toBeGreaterThan(0)
  })

  test('every reason for an exclusion is on the published page', () => {
    const page = readFileSync(PAGE, 'utf8')
    const used = new Set(verdicts.flatMap(({ outcome, reason }) => (outcome === 'excluded' ? [reason!] : [])))
    expect([...used].filter((reason) => !REASONS[reason])).toEqual([])
    expect(Object.keys(REASONS).filter((reason) => !page.includes(`| ${reason} |`))).toEqual([])
  })

  test('a case that the page lists as excluded is still excluded', () => {
    const page = readFileSync(PAGE, 'utf8')
    const outcomes = new Map(
      verdicts.map((verdict) => [`\`${verdict.file}\` ${verdict.section}/${verdict.name}`, verdict.outcome]),
    )
    const listed = [...page.matchAll(/^- (`\S+` \S+)/gm)].map(([, id]) => id!)
    expect(listed.filter((id) => outcomes.get(id) === 'passed')).toEqual([])
  })

  describe('and in ClickHouse', () => {
    let lake: TrialLake
    beforeAll(() => {
      lake = openTrialLake()
    })
    afterAll(() => lake?.close())

    test('every case that passes gives the same there', () => {
      const passed = verdicts.filter(
        ({ outcome, program }) => outcome === 'passed' && program && program.reads.length === 0,
      )
      const env = environment({})
      const answers = lake.ask(passed.map(({ program }) => plainSql(env, program!.ast)))
      const wrong = passed.filter(({ program, expected }, i) => {
        const { value, error } = answers[i]![0]!
        if (expected === undefined) return !error
        return error || (typeof expected !== 'object' && !same(program!.type, expected, value) && expected !== value)
      })
      expect(wrong.map(({ expr }) => expr)).toEqual([])
      expect(passed.length).toBeGreaterThan(0)
    })
  })
})
