/**
 * PostgreSQL arrays as text, for the statements that every decision and event goes through: the driver escapes every
 * item by pattern, which is more work than the rest of the statement. Write `${numbers(ids)}::bigint[]`.
 */

/** Numbers that PostgreSQL's type takes as JavaScript writes them; null is NULL. */
export function numbers(values: readonly (number | null)[]): string {
  let text = '{'
  for (let place = 0; place < values.length; place++) {
    if (place > 0) text += ','
    text += values[place] ?? 'NULL'
  }
  return `${text}}`
}

const PLAIN = /^[A-Za-z0-9_:.+/=-]+$/
const SPECIAL = /[\\"]/g

/** Any texts, also such as uuids and instants in ISO form; null is NULL. */
export function texts(values: readonly (string | null)[]): string {
  let text = '{'
  let last: string | null | undefined
  let item = ''
  for (let place = 0; place < values.length; place++) {
    const value = values[place]!
    // Columns of a batch often say the same in every row.
    if (value !== last) {
      last = value
      item = itemOf(value)
    }
    text += place > 0 ? `,${item}` : item
  }
  return `${text}}`
}

function itemOf(value: string | null): string {
  if (value === null) return 'NULL'
  return PLAIN.test(value) && value.toUpperCase() !== 'NULL' ? value : `"${value.replace(SPECIAL, '\\$&')}"`
}
