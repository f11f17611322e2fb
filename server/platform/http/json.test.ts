import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isProblem } from '#platform/errors'
import { findMisplaced, readJson, withinDepth } from './json.ts'

const complaintOf = (text: string | Buffer): Record<string, unknown> => {
  try {
    readJson(Buffer.isBuffer(text) ? text : Buffer.from(text))
  } catch (error) {
    if (isProblem(error)) return { ...error.facts, message: error.message }
    throw error
  }
  throw new Error('this was read without complaint')
}

describe('a malformed body gets an error that names the place, what was found and what was expected', () => {
  test.each([
    ['{"a":1,}', 1, 8, '}', 'a field name in double quotes'],
    ['{"a" 1}', 1, 6, 'a digit', 'a colon'],
    ['{"a":\n  tru}', 2, 3, 'a letter', 'a value'],
    ['[1 2]', 1, 4, 'a digit', 'a comma or ]'],
    ['{"a":"x', 1, 6, 'a text', 'a text that ends, with control characters escaped'],
    ['{"a":1', 1, 7, 'the end of the text', 'a comma or }'],
    ['[1]x', 1, 4, 'a letter', 'the end of the text'],
    ['', 1, 1, 'the end of the text', 'a value'],
    ["{'a':1}", 1, 2, "'", 'a field name in double quotes or }'],
    ['[01]', 1, 3, 'a digit', 'a comma or ]'],
  ])('%j', (text, line, column, found, expected) => {
    expect(findMisplaced(text)).toMatchObject({ line, column, found, expected })
  })

  test('nothing of the body is repeated, since it may be personal', () => {
    expect(JSON.stringify(complaintOf('{"name": Müller}'))).not.toContain('M')
  })

  test('every text is either read by the engine or has a misplaced character, never both and never neither', () => {
    const almostJson = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', '"', '[', 'x', '0', '\\', ' '))
      .map(([text, at, extra]) => {
        const place = at % (text.length + 1)
        return text.slice(0, place) + extra + text.slice(place + (at % 2))
      })
    fc.assert(
      fc.property(almostJson, (text) => {
        let parses = true
        try {
          JSON.parse(text)
        } catch {
          parses = false
        }
        return parses === (findMisplaced(text) === undefined)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('what no store can keep is refused at the door', () => {
  test('bytes that are not UTF-8', () => {
    expect(complaintOf(Buffer.from([0x22, 0xff, 0x22])).found).toBe('bytes that are not UTF-8')
  })
  test('the replacement character itself is a character like any other', () => {
    expect(readJson(Buffer.from('"\ufffd"'))).toBe('\ufffd')
  })
  test('U+0000, and half a character', () => {
    expect(complaintOf('{"a":["x\\u0000"]}').found).toContain('/a/0')
    expect(complaintOf('{"a":"\\ud800"}').found).toContain('/a')
    expect(readJson(Buffer.from('"\\ud83d\\ude00"'))).toBe('😀')
  })
  test('a field named __proto__', () => {
    expect(complaintOf('{"__proto__":{"admin":true}}').expected).toBe('another field name')
  })
  test('nesting deeper than 32 levels, before it is parsed', () => {
    expect(complaintOf('['.repeat(100_000)).expected).toBe('at most 32 levels')
    expect(withinDepth(`${'['.repeat(32)}${']'.repeat(32)}`, 32)).toBe(true)
    expect(withinDepth('{"a":"[[[[{{{{\\""}', 1)).toBe(true)
  })
})
