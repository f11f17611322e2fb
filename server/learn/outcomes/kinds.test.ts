import { describe, expect, test } from 'vitest'
import { kinds as propositions } from '#decide/propositions'
import { type Kind, readDocument, registerChecks, validate } from '#trust/playbook'
import { checks, kinds } from './index.ts'

registerChecks(...checks)
const known = [
  ...kinds,
  ...(propositions as unknown as Kind[]).map(({ kind, folder, schema }) => ({ kind, folder, schema })),
]
const action = (more = '') =>
  `kind: action\nid: goal_saver\ntitle: Goal Saver\ngroup: save\nclass: marketing\nvalue: { bank: '1', customer: '1' }\n${more}`
const OUTCOME = `kind: outcome\nid: opened\ntitle: Opened\nactions: [goal_saver]\nmeasure: { event: ['goal.named'] }\nwithinDays: 30\n`
const UNMEASURED = `unmeasured: { because: 'nobody is tried for it' }\n`
const REST = ['kind: group\nid: save\ntitle: Save\nissue: grow\n', 'kind: issue\nid: grow\ntitle: Grow\n']
const warnings = (...texts: string[]) =>
  validate(
    [...texts, ...REST].map((text) => readDocument('', text)),
    known as Kind[],
  )
    .filter(({ severity }) => severity === 'warning')
    .map(({ found }) => found)

describe('what an action changes is measured, or it says why not', () => {
  test('one that nothing measures is pointed at', () => {
    expect(warnings(action())).toEqual(['no outcome'])
  })
  test('one with an outcome is well, and so is one that says why it has none', () => {
    expect(warnings(action(), OUTCOME)).toEqual([])
    expect(warnings(action(UNMEASURED))).toEqual([])
  })
  test('one with both contradicts itself', () => {
    expect(warnings(action(UNMEASURED), OUTCOME)).toEqual(['an outcome as well'])
  })
  test('doing nothing is measured by nobody', () => {
    expect(warnings(action('nothing: true\n'))).toEqual([])
  })
})
