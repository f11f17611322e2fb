/** A segment as the playbook holds it; what the console does not know of it is carried along. */
export interface SegmentFields {
  readonly kind: 'segment'
  readonly id: string
  readonly title: string
  readonly meaning?: string | undefined
  readonly rule: string
  readonly [other: string]: unknown
}

const ORDER = ['kind', 'id', 'title', 'meaning', 'description', 'rule', 'strategy', 'group', 'priority', 'owner']

/**
 * A document as YAML. Every text is written in double quotes as JSON writes it, which is YAML too: so no text, whatever
 * stands in it, can be read as anything but itself.
 */
export const documentText = (fields: SegmentFields): string =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .sort(([a], [b]) => place(a) - place(b))
    .map(([name, value]) => `${name}: ${name === 'kind' || name === 'id' ? String(value) : JSON.stringify(value)}\n`)
    .join('')

const place = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length)

/** A title as an id: "Öko-Sparer 2026" is oko_sparer_2026. */
export const idFrom = (title: string): string =>
  title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 63)

export const isId = (text: string): boolean => /^[a-z][a-z0-9_]{0,62}$/.test(text)
