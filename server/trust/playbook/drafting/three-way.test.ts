import { describe, expect, test } from 'vitest'
import { threeWay } from './three-way.ts'

const was = { kind: 'offer', id: 'goal', title: 'Goal', rateBp: 175, terms: { months: 12, min: 100 } }

describe('a document of a draft beside what it began with and what runs', () => {
  test('only the draft changed it', () => {
    const { standing, mine, clashes } = threeWay(was, { ...was, rateBp: 200 }, was)
    expect([standing, mine, clashes]).toEqual(['mine', [{ path: 'rateBp', before: 175, after: 200 }], []])
  })
  test('only others did', () => expect(threeWay(was, was, { ...was, rateBp: 1 }).standing).toBe('theirs'))
  test('nobody did', () => expect(threeWay(was, was, was).standing).toBe('same'))
  test('both did, alike', () =>
    expect(threeWay(was, { ...was, rateBp: 9 }, { ...was, rateBp: 9 }).standing).toBe('both_alike'))
  test('both did, in different places: nothing clashes but a person still looks', () => {
    const { standing, clashes } = threeWay(was, { ...was, rateBp: 9 }, { ...was, title: 'Goal Saver' })
    expect([standing, clashes]).toEqual(['conflict', []])
  })
  test('both changed one field differently, or one within the other', () => {
    expect(threeWay(was, { ...was, rateBp: 9 }, { ...was, rateBp: 8 }).clashes).toEqual(['rateBp'])
    const { terms: _, ...without } = was
    expect(threeWay(was, { ...was, terms: { months: 24, min: 100 } }, without).clashes).toEqual(['terms.months'])
  })
  test('one removed what the other changed: the whole document is the question', () => {
    expect(threeWay(was, undefined, { ...was, rateBp: 8 })).toMatchObject({ standing: 'conflict', clashes: [''] })
    expect(threeWay(undefined, was, { ...was, rateBp: 8 })).toMatchObject({ standing: 'conflict', clashes: [''] })
  })
})
