import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical, documentHash } from './canonical.ts'
import { readDocument, TEXT_MAX, writeDocument } from './document.ts'
import type { Document } from './kind.ts'

const read = (text: string) => readDocument('x.yaml', text)

describe('a YAML text is read strictly, and never does harm', () => {
  test('what it says is what is read: dates and yes stay text', () => {
    expect(read('kind: a\nid: b\non: 2026-03-02\nanswer: no\ncount: 12\n').document).toEqual({
      kind: 'a',
      id: 'b',
      on: '2026-03-02',
      answer: 'no',
      count: 12,
    })
  })

  test.each([
    ['text that is not YAML', 'kind: [a', 1],
    ['a key written twice', 'kind: a\nid: b\nid: c\n', 3],
    ['a list', '- a\n', 1],
    ['an alias', 'a: &x [1]\nb: *x\n', 1],
    ['a tag', 'a: !!js/function "x"\n', 1],
    ['a number that cannot be kept', 'a: 9007199254740993\n', 1],
    ['no number', 'a: .nan\n', 1],
    ['a key that is a number', '1: a\n', 1],
    ['a key that would reach a prototype', '__proto__: { x: 1 }\n', 1],
    ['a NUL', 'a: "x\\0y"\n', 1],
    ['half a character', 'a: "\\ud800"\n', 1],
  ])('%s is refused, with its line', (_what, text, line) => {
    const written = read(text)
    expect(written.document).toBeUndefined()
    expect(written.findings).toMatchObject([{ severity: 'error', line }])
  })

  test.each([
    ['brackets without end', '['.repeat(100_000)],
    ['lists in lists on one line', '- '.repeat(100_000)],
    ['questions on one line', '? '.repeat(100_000)],
    ['mappings without end', '{a: '.repeat(50_000)],
    ['nested deeper than anybody writes', `a: ${'['.repeat(60)}${']'.repeat(60)}`],
    ['nested by indentation', Array.from({ length: 400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    [
      'an alias bomb',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcdefghi'[i]}`)}]`).join('\n')}`,
    ],
    ['a text longer than is read', 'a'.repeat(TEXT_MAX + 1)],
    ['more values than a document has', `a: [${'1,'.repeat(30_000)}1]`],
    ['more keys than a document has', Array.from({ length: 15_000 }, (_, i) => `k${i}: v`).join('\n')],
    ['nothing but mistakes', '\t: ]\n'.repeat(50_000)],
    ['quotes that never end', '"\n'.repeat(100_000)],
    ['a name given eighty thousand times', '&a '.repeat(80_000)],
  ])('%s ends at once', (_what, text) => {
    const before = performance.now()
    const written = read(text)
    expect(written.document).toBeUndefined()
    expect(written.findings.length).toBeGreaterThan(0)
    // A few hundredths of a second; the rest is for a machine that is busy with other tests.
    expect(performance.now() - before).toBeLessThan(20_000)
  })
})

describe('a document is known by what it says', () => {
  // Whatever can be written as JSON, as long as PostgreSQL and YAML can hold it.
  const leaf = fc.oneof(
    fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
    fc.integer(),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .filter((value) => !Number.isInteger(value) || Number.isSafeInteger(value)),
    fc.boolean(),
    fc.constant(null),
  )
  const key = fc.string({ unit: 'grapheme' }).filter((text) => text !== '__proto__' && !text.includes('\0'))
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.array(tie('value')),
      fc.dictionary(key, tie('value')),
    ),
  })).value

  test('written and read again it is the same document', () => {
    fc.assert(
      fc.property(value, (body) => {
        const document = { kind: 'a', id: 'b', title: 'c', body } as Document
        const again = read(writeDocument(document))
        expect(again.findings).toEqual([])
        expect(documentHash(again.document!)).toBe(documentHash(document))
      }),
      { numRuns: 500 },
    )
  })

  test('the order of its keys makes no difference; the order of a list does', () => {
    expect(canonical({ b: 1, a: [1, 2] })).toBe(canonical({ a: [1, 2], b: 1 }))
    expect(canonical({ a: [1, 2] })).not.toBe(canonical({ a: [2, 1] }))
    expect(canonical({ a: -0, b: undefined })).toBe('{"a":0}')
  })
})
