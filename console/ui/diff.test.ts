import { describe, expect, test } from 'vitest'
import { diffLines } from './diff.tsx'

const shown = (before: string, after: string): string[] =>
  diffLines(before, after).map(({ kind, text }) => `${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`)

describe('what changed between two texts', () => {
  test('a changed line is its old form, then its new one', () => {
    expect(shown('a\nb\nc', 'a\nB\nc')).toEqual([' a', '-b', '+B', ' c'])
  })

  test('a line put in leaves the others as they were', () => {
    expect(shown('title: x\nrate: 2\nend: 3', 'title: x\nfee: 1\nrate: 2\nend: 3')).toEqual([
      ' title: x',
      '+fee: 1',
      ' rate: 2',
      ' end: 3',
    ])
  })

  test('the same text has no change, and the parts always add up to both texts', () => {
    expect(shown('a\nb', 'a\nb')).toEqual([' a', ' b'])
    const [before, after] = ['x\na\nb\nc\ny', 'a\nq\nc\nb\nz']
    const lines = diffLines(before, after)
    expect(
      lines
        .filter(({ kind }) => kind !== 'added')
        .map(({ text }) => text)
        .join('\n'),
    ).toBe(before)
    expect(
      lines
        .filter(({ kind }) => kind !== 'removed')
        .map(({ text }) => text)
        .join('\n'),
    ).toBe(after)
  })

  test('texts of thousands of lines without anything in common are answered at once', () => {
    const many = (mark: string) => Array.from({ length: 5000 }, (_, line) => `${mark}${line}`).join('\n')
    const began = performance.now()
    expect(diffLines(many('a'), many('b'))).toHaveLength(10_000)
    expect(performance.now() - began).toBeLessThan(20_000)
  })
})
