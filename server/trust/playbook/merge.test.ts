import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { revisionHash } from './canonical.ts'
import { diffSets, diffText } from './diff.ts'
import { type Document, type DocumentSet, setOf } from './kind.ts'
import { applied, changesBetween, merge } from './merge.ts'

const offer = (id: string, rateBp: number, more: object = {}): Document => ({
  kind: 'offer',
  id,
  title: id,
  rateBp,
  ...more,
})
const set = (...documents: Document[]): DocumentSet => setOf(documents)

const base = set(offer('goal', 175), offer('easy', 75), offer('term', 210))

/** What runs after `mine` (made from the base) is merged into `theirs`. */
function merged(mine: DocumentSet, theirs: DocumentSet) {
  const { changes, conflicts } = merge(base, changesBetween(base, mine), theirs)
  return { set: setOf(applied(theirs, changes)), conflicts }
}

describe('two people change the playbook at once', () => {
  test('different documents: both changes stand', () => {
    const mine = set(offer('goal', 200), offer('easy', 75), offer('term', 210))
    const theirs = set(offer('goal', 175), offer('easy', 80), offer('term', 210))
    const { set: both, conflicts } = merged(mine, theirs)
    expect(conflicts).toEqual([])
    expect(revisionHash(both)).toBe(revisionHash(set(offer('goal', 200), offer('easy', 80), offer('term', 210))))
  })

  test('the same document differently: a conflict that names it', () => {
    const mine = set(offer('goal', 200), offer('easy', 75), offer('term', 210))
    const theirs = set(offer('easy', 75), offer('term', 210))
    expect(merged(mine, theirs).conflicts).toEqual([{ kind: 'offer', id: 'goal', mine: 'written', theirs: 'removed' }])
  })

  test('the same change made twice is one change', () => {
    const mine = set(offer('goal', 200), offer('easy', 75), offer('term', 210))
    expect(merged(mine, mine)).toMatchObject({ conflicts: [] })
    expect(revisionHash(merged(mine, mine).set)).toBe(revisionHash(mine))
  })

  const sets = fc
    .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 1, max: 3 })), { maxLength: 6 })
    .map((pairs) => set(...pairs.map(([id, rateBp]) => offer(id, rateBp))))

  test('nothing is lost: every document is mine, or theirs, or a conflict', () => {
    fc.assert(
      fc.property(sets, sets, sets, (base, mine, theirs) => {
        const { changes, conflicts } = merge(base, changesBetween(base, mine), theirs)
        const result = setOf(applied(theirs, changes))
        for (const id of ['a', 'b', 'c', 'd', 'e']) {
          const rate = (of: DocumentSet) => of.get('offer')?.get(id)?.rateBp
          const [was, m, t, found] = [rate(base), rate(mine), rate(theirs), rate(result)]
          if (conflicts.some((conflict) => conflict.id === id)) {
            expect(m !== was && t !== was && m !== t).toBe(true)
            continue
          }
          expect(found).toBe(m === was ? t : m)
        }
      }),
    )
  })

  test('changes take one set to the other, whatever the two are', () => {
    fc.assert(
      fc.property(sets, sets, (before, after) => {
        expect(revisionHash(setOf(applied(before, changesBetween(before, after))))).toBe(revisionHash(after))
      }),
    )
  })
})

describe('the difference, for the person who approves', () => {
  test('field by field', () => {
    const before = set(
      offer('goal', 175, {
        steps: [
          { id: 'first', day: 0 },
          { id: 'last', day: 30 },
        ],
      }),
      offer('easy', 75),
    )
    const after = set(
      offer('goal', 200, {
        steps: [
          { id: 'last', day: 45 },
          { id: 'first', day: 0 },
        ],
      }),
      offer('term', 210),
    )
    const changes = diffSets(before, after)
    expect(changes).toMatchObject([
      { id: 'easy', change: 'removed' },
      {
        id: 'goal',
        change: 'changed',
        fields: [
          { path: 'rateBp', before: 175, after: 200 },
          { path: 'steps[last].day', before: 30, after: 45 },
          { path: 'steps (order)', before: ['first', 'last'], after: ['last', 'first'] },
        ],
      },
      { id: 'term', change: 'added' },
    ])
    expect(diffText(changes)).toContain('~ offer goal (goal)\n    rateBp\n      - 175\n      + 200\n')
  })

  test('nothing', () => {
    expect(diffText(diffSets(base, base))).toBe('No difference.\n')
  })
})
