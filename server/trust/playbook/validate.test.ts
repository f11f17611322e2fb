import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { documentSchema, refersTo } from './contract.ts'
import { readDocument } from './document.ts'
import type { Document, Kind } from './kind.ts'
import { findingText, runCases, validate } from './validate.ts'

interface Offer extends Document {
  rateBp: number
  rule?: string
  cases?: { name: string; rateBp: number }[]
}

// A playbook of a bank with two kinds, as a higher layer would register them.
const group: Kind = { kind: 'group', folder: 'groups', schema: documentSchema('group', {}), documentsMin: 1 }
const offer = {
  kind: 'offer',
  folder: 'offers',
  schema: documentSchema('offer', {
    group: refersTo('group'),
    class: Type.Union([Type.Literal('marketing'), Type.Literal('service')]),
    rateBp: Type.Integer({ minimum: 0, maximum: 3000 }),
    rule: Type.Optional(Type.String()),
    terms: Type.Optional(
      Type.Union([
        Type.Object({ type: Type.Literal('fixed'), termMonths: Type.Integer() }, { additionalProperties: false }),
        Type.Object({ type: Type.Literal('variable'), marginBp: Type.Integer() }, { additionalProperties: false }),
      ]),
    ),
    cases: Type.Optional(Type.Array(Type.Object({ name: Type.String(), rateBp: Type.Integer() }))),
  }),
  check: (document: Offer, _set, tools) => {
    const at = document.rule?.indexOf('%') ?? -1
    return at < 0
      ? []
      : [tools.finding(['rule'], { found: '%', expected: 'an operator', message: 'Not an operator here.', at })]
  },
  runCases: (document: Offer) =>
    (document.cases ?? []).map(({ name, rateBp }) => ({
      name,
      passed: rateBp === document.rateBp,
      found: String(document.rateBp),
      expected: String(rateBp),
    })),
} as Kind<Offer> as unknown as Kind

const SAVE = ['groups/save.yaml', 'kind: group\nid: save\ntitle: Save\n'] as const
const GOAL = `kind: offer
id: goal
title: Goal Saver
group: save
class: marketing
rateBp: 175
`

const findingsOf = (...files: (readonly [string, string])[]) =>
  validate(
    files.map(([file, text]) => readDocument(file, text)),
    [group, offer],
  )
const ofGoal = (text: string) => findingsOf(SAVE, ['offers/goal.yaml', text])

describe('a playbook says what is wrong, where, and what to do', () => {
  test('a sound playbook has no findings', () => {
    expect(ofGoal(GOAL)).toEqual([])
  })

  test('a value out of range is found at its line', () => {
    expect(ofGoal(GOAL.replace('175', '17500'))).toMatchObject([
      { file: 'offers/goal.yaml', path: 'rateBp', line: 6, column: 9, found: '17500', expected: '3000 or less' },
    ])
  })

  test('an unknown field is named, with the one that was probably meant', () => {
    expect(ofGoal(GOAL.replace('rateBp', 'rateBP'))).toMatchObject([
      { path: 'rateBp', found: 'nothing', message: 'The field rateBp is missing: add it.' },
      { path: 'rateBP', line: 6, message: 'There is no field rateBP here. Did you mean rateBp?' },
    ])
  })

  test('a word that is not one of the choices', () => {
    expect(ofGoal(GOAL.replace('marketing', 'marketting'))).toMatchObject([
      { path: 'class', line: 5, found: "'marketting'", message: expect.stringContaining('Did you mean marketing?') },
    ])
  })

  test('of two shapes the one that was meant is the one that is checked', () => {
    expect(ofGoal(`${GOAL}terms: { type: fixed, marginBp: 20 }\n`)).toMatchObject([
      { path: 'terms.termMonths', found: 'nothing' },
      { path: 'terms.marginBp', found: 'the unknown field marginBp' },
    ])
  })

  test('a reference to what is not there', () => {
    expect(ofGoal(GOAL.replace('group: save', 'group: saves'))).toMatchObject([
      { path: 'group', line: 4, column: 8, found: "'saves'", message: "There is no group 'saves'. Did you mean save?" },
    ])
  })

  test('an error inside an expression is found at its character', () => {
    const [finding] = ofGoal(`${GOAL}rule: customer.age % 2\n`)
    expect(finding).toMatchObject({ path: 'rule', line: 7, column: 20 })
    const [quoted] = ofGoal(`${GOAL}rule: 'customer.age % 2'\n`)
    expect(quoted).toMatchObject({ path: 'rule', line: 7, column: 21 })
    const [block] = ofGoal(`${GOAL}rule: |\n  customer.age\n  % 2\n`)
    expect(block).toMatchObject({ path: 'rule', line: 9, column: 3 })
  })

  test('the same id twice, and a file that is not named by its id', () => {
    const findings = findingsOf(SAVE, ['offers/goal.yaml', GOAL], ['offers/goal_2.yaml', GOAL])
    expect(findings.map(({ found }) => found)).toEqual(["'goal'", 'offers/goal_2.yaml'])
  })

  test('a kind that nobody knows', () => {
    expect(findingsOf(SAVE, ['offers/x.yaml', 'kind: ofer\nid: x\ntitle: X\n'])).toMatchObject([
      { path: 'kind', line: 1, column: 7, message: 'There is no such kind of document. Did you mean offer?' },
    ])
  })

  test('too few documents of a kind', () => {
    expect(validate([], [group])).toMatchObject([{ file: 'groups/', expected: 'at least 1' }])
  })

  test('one slip is not reported a hundred times: references wait until every document can be read', () => {
    expect(
      findingsOf(['groups/save.yaml', 'kind: group\nid: save\ntitle: ""\n'], ['offers/goal.yaml', GOAL]),
    ).toHaveLength(1)
  })

  test('a finding as one line', () => {
    expect(findingText(ofGoal(GOAL.replace('175', '-1'))[0]!)).toBe(
      'offers/goal.yaml:6:9 rateBp: found -1, expected 0 or more. The least here is 0.',
    )
  })

  test('a document’s own cases are run', () => {
    const text = `${GOAL}cases:\n  - { name: as advertised, rateBp: 175 }\n  - { name: as last year, rateBp: 200 }\n`
    const written = [readDocument(...SAVE), readDocument('offers/goal.yaml', text)]
    expect(runCases(written, [group, offer])).toEqual([
      {
        kind: 'offer',
        id: 'goal',
        file: 'offers/goal.yaml',
        results: [
          { name: 'as advertised', passed: true, found: '175', expected: '175' },
          { name: 'as last year', passed: false, found: '175', expected: '200' },
        ],
      },
    ])
  })
})
