import { describe, expect, test } from 'vitest'
import { csv, csvField } from './csv.ts'

describe('an exported list, opened in a spreadsheet', () => {
  test.each([
    ['=HYPERLINK("http://evil")', '"\'=HYPERLINK(""http://evil"")"'],
    ['+49 30 1234', '"\'+49 30 1234"'],
    ['-2+3', '"\'-2+3"'],
    ['@SUM(A1)', '"\'@SUM(A1)"'],
    ['\t=1', '"\'\t=1"'],
    ['\r=1', '"\'\r=1"'],
  ])('%j is text there, not a formula', (value, field) => {
    expect(csvField(value)).toBe(field)
  })

  test('numbers stay numbers, also below zero; what is absent is empty', () => {
    expect([-12.5, 0, null, undefined, true].map(csvField)).toEqual(['-12.5', '0', '', '', 'true'])
  })

  test('commas, quotes and new lines stay inside their field', () => {
    expect(
      csv([
        ['Name', 'Note'],
        ['O’Neil, Ann', 'said "no"\nthen yes'],
      ]),
    ).toBe('\ufeffName,Note\r\n"O’Neil, Ann","said ""no""\nthen yes"\r\n')
  })
})
