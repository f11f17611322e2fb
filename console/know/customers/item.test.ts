import { expect, test } from 'vitest'
import type { TimelineItem } from '#engage/timeline/contract'
import { sentenceOf } from './item.ts'

const told = (payload: unknown): string =>
  sentenceOf({
    at: '2026-03-02T08:00:00Z',
    id: 'told',
    kind: 'event',
    about: 'plan.told',
    title: null,
    channel: 'app',
    facts: { payload },
  } satisfies TimelineItem)

test('what a customer told is a sentence, also where a channel sent something that is no plan', () => {
  expect(told({ plan: 'home' })).toContain('home')
  for (const payload of [{ plan: 7 }, { plan: null }, { plan: { id: 'home' } }, 'home', null])
    expect(told(payload)).toContain('plan')
})
