import { describe, expect, test } from 'vitest'
import { withField } from './in-text.ts'

const WRITTEN = `# For those who save.
kind: policy
id: goal_saver
title: 'Goal Saver: for whom' # as the branches call it
appliesTo:
  actions: [goal_saver]
placements: [app_home, web_overview]
applicability:
  - { id: small_savings, title: 'At least three small savings in ninety days', admits: 'customer.small_savings_90d >= 3' }

# What does them good.
note: |
  Two lines
  of it.
suitability: []
`

describe('a field that is set in a document', () => {
  test('leaves every other line as it was written', () => {
    expect(withField(WRITTEN, 'title', 'Who gets one')).toBe(
      WRITTEN.replace("'Goal Saver: for whom'", "'Who gets one'"),
    )
    expect(withField(WRITTEN, 'placements', ['app_home'])).toBe(
      WRITTEN.replace('[app_home, web_overview]', '[app_home]'),
    )
    expect(withField(WRITTEN, 'note', 'One line')).toContain('# What does them good.\nnote: ')
  })

  test('keeps quotes that its new words need', () => {
    const made = withField(WRITTEN, 'title', "It's: #1")
    expect(made).toContain("title: 'It''s: #1' # as the branches call it")
  })

  test('stands at the end when it was not there, and goes with its line when it is emptied', () => {
    expect(withField(WRITTEN, 'owner', 'Savings')).toBe(`${WRITTEN}owner: Savings\n`)
    expect(withField(WRITTEN, 'title', '')).toBe(WRITTEN.replace(/title: .*\n/, ''))
    expect(withField(withField(WRITTEN, 'owner', 'Savings'), 'owner', undefined)).toBe(WRITTEN)
  })

  test('fills what was begun with nothing', () => {
    expect(withField('kind: segment\nid: spring\ntitle: \n', 'title', 'Spring')).toBe(
      'kind: segment\nid: spring\ntitle: Spring\n',
    )
    expect(withField('kind: segment\nid: spring\ntitle:\n', 'priority', 3)).toBe(
      'kind: segment\nid: spring\ntitle:\npriority: 3\n',
    )
  })

  test('is written anew with its document where all of it stands on one line', () => {
    expect(withField('{ kind: tone, id: warm }', 'title', 'Warm')).toContain('title: Warm')
  })
})
