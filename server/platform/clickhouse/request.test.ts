import { describe, expect, test } from 'vitest'
import { insertOfBody, killedId, placeholders, verbOf } from './request.ts'

describe('what a statement is', () => {
  test.each([
    ['insert into t format JSONEachRow', { head: 'insert into t ', format: 'JSONEachRow' }],
    ['INSERT INTO know.t (a, `format`) FORMAT CSV\n', { head: 'INSERT INTO know.t (a, `format`) ', format: 'CSV' }],
    [
      "insert into t select a from input('a String') format LineAsString",
      { head: "insert into t select a from input('a String') ", format: 'LineAsString' },
    ],
    [
      '/* insert */ insert into t -- format CSV\n format TSV',
      { head: '/* insert */ insert into t -- format CSV\n ', format: 'TSV' },
    ],
    ['insert into t', { head: 'insert into t', format: 'TabSeparated' }],
    ["insert into t values ('format CSV')", undefined],
    ['insert into t select 1', undefined],
    ["insert into t from infile 'x' format CSV", undefined],
    ["select 'insert into t format CSV'", undefined],
  ])('%s', (sql, expected) => {
    expect(insertOfBody(sql, 'TabSeparated')).toEqual(expected)
  })

  test('its first word, past comments', () => {
    expect(verbOf('-- drop\n/* set */ with 1 as a select a')).toBe('WITH')
  })

  test('its placeholders', () => {
    expect(placeholders('select {a:String}, { b : UInt8 }')).toEqual(['a', 'b'])
  })

  test('the one query it kills, and no other kind of killing', () => {
    expect(killedId("KILL QUERY WHERE query_id = 'x-1' ASYNC", new Map())).toBe('x-1')
    expect(killedId('kill query where query_id = {id:String}', new Map([['id', 'x-2']]))).toBe('x-2')
    expect(killedId("KILL QUERY WHERE user = 'default'", new Map())).toBeUndefined()
  })
})
