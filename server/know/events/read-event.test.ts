import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eventTypesOf } from './event-types.ts'
import { fromHeaders, readEvent, readLines } from './read-event.ts'

const NOW_MS = Date.parse('2026-03-02T08:00:00Z')
const NO_TYPES = eventTypesOf([])
const read = (value: unknown) => readEvent(value, NOW_MS, NO_TYPES)
const base = { source: 's', id: '1', type: 'a.b', customerId: 1, occurredAt: '2026-03-01T00:00:00Z' }

describe('whatever is sent', () => {
  test('is an event or is kept whole with a place, what was found and what was expected', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const result = read(value)
        if (!result.ok)
          expect(result.rejected).toMatchObject({ rejection: { reason: 'malformed' }, body: expect.any(String) })
      }),
    )
  })

  test('is an event or rejected when any one field of a good event is something else', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(base), 'payload', 'customer', 'specversion', 'subject'),
        fc.jsonValue(),
        (key, value) => {
          const result = read({ ...base, [key]: value })
          if (!result.ok) expect(result.rejected.rejection.expected).not.toBe('')
        },
      ),
    )
  })

  test('has as many items as lines that say something', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (lines) => {
        const clean = lines.map((line) => line.replaceAll('\n', ''))
        expect(readLines(clean.join('\n'), NOW_MS, NO_TYPES)).toHaveLength(
          clean.filter((line) => line.trim() !== '').length,
        )
      }),
    )
  })
})

describe('an instant', () => {
  const at = (occurredAt: unknown) => {
    const result = read({ ...base, occurredAt })
    return result.ok ? new Date(result.event.occurredAtMs).toISOString() : result.rejected.rejection.place
  }
  test('has an offset and exists in the calendar', () => {
    expect(at('2026-03-01T01:30:00+02:00')).toBe('2026-02-28T23:30:00.000Z')
    expect(at('2024-02-29T00:00:00Z')).toBe('2024-02-29T00:00:00.000Z')
    for (const wrong of [
      '2026-02-29T00:00:00Z',
      '2026-04-31T00:00:00Z',
      '2026-03-01T24:00:00Z',
      '2026-03-01T00:00:00',
      '2026-03-01',
      0,
    ])
      expect([wrong, at(wrong)]).toEqual([wrong, 'occurredAt'])
  })
  test('may lie a day ahead of us, not more, and not before 1900', () => {
    expect(at('2026-03-03T07:00:00Z')).toBe('2026-03-03T07:00:00.000Z')
    expect(at('2026-03-03T09:00:00Z')).toBe('occurredAt')
    expect(at('1899-12-31T23:59:59Z')).toBe('occurredAt')
  })
})

test('the same event has the same digest, another body another', () => {
  const digest = (more: object) => {
    const result = read({ ...base, ...more })
    return result.ok ? result.event.digest : ''
  }
  expect(digest({ payload: { a: 1 } })).toBe(digest({ payload: { a: 1 } }))
  expect(digest({ occurredAt: '2026-03-01T01:00:00+01:00' })).toBe(digest({}))
  expect(new Set([digest({}), digest({ payload: { a: 1 } }), digest({ type: 'a.c' })]).size).toBe(3)
})

test('a payload deeper than 32 levels is refused before anything walks down it', () => {
  let deep: unknown = 1
  for (let n = 0; n < 50_000; n++) deep = [deep]
  expect(read({ ...base, payload: { deep } })).toMatchObject({
    ok: false,
    rejected: { rejection: { place: 'payload' } },
  })
})

test('a declared type says what its payload holds', () => {
  const types = eventTypesOf([
    {
      kind: 'event_type',
      id: 'trip',
      title: 'Trip',
      type: 'travel.booked',
      fields: { amount_minor: { type: 'int', required: true }, leaves_on: { type: 'date' } },
      closed: true,
    },
  ])
  const flaw = (payload: Record<string, unknown>) => types.flaw('travel.booked', 's', '1', payload)
  expect(flaw({ amount_minor: 5, leaves_on: '2026-07-01' })).toBeUndefined()
  expect(flaw({})).toMatchObject({ field: 'amount_minor', found: 'nothing' })
  expect(flaw({ amount_minor: 5, leaves_on: '2026-06-31' })).toMatchObject({ field: 'leaves_on' })
  expect(flaw({ amount_minor: 5, colour: 'red' })).toMatchObject({ field: 'colour' })
})

test('attributes in headers are percent-decoded', () => {
  expect(fromHeaders({ 'ce-id': 'a%20b', 'ce-type': '100%', host: 'x' }, { n: 1 })).toEqual({
    id: 'a b',
    type: '100%',
    data: { n: 1 },
  })
})
