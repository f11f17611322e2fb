import type { ActionDocument, TreatmentDocument } from '#decide/propositions/contract'
import type { AttributeDocument } from '#know/attributes/contract'
import type { Made } from './contract.ts'

/** Names that have broken messages before: one that leaves a gap, one that fills the line, one that turns it round. */
const NAMES: Readonly<Record<Exclude<Made, 'unknown'>, string>> = {
  typical: 'Alex',
  short: 'Bo',
  long: 'Maximiliane-Charlotte Friederike',
  rtl: 'عبد الرحمن',
}

const DAY_MS = 86_400_000
const IN_A_FORTNIGHT_MS = 14 * DAY_MS

/** A plain value of the attribute's type, so that a text which names it can be read. */
function plainValue({ type, unit }: AttributeDocument, today: string): unknown {
  const soon = new Date(Date.parse(`${today}T12:00:00Z`) + IN_A_FORTNIGHT_MS).toISOString()
  if (type === 'string') return 'Riverside'
  if (type === 'bool') return true
  if (type === 'date') return soon.slice(0, 10)
  if (type === 'timestamp') return soon
  if (type === 'list<string>') return ['one', 'two']
  if (type === 'double') return 0.5
  return unit === 'minor' ? 12_500 : unit === 'years' ? 35 : 14
}

const named = (formulas: readonly string[]): Set<string> =>
  new Set(formulas.flatMap((formula) => [...formula.matchAll(/\bcustomer\.([a-z][a-z0-9_]*)/g)].map(([, id]) => id!)))

/**
 * What is known of a made-up customer: a value for every attribute that the treatment's variables name, the facts of the
 * action's first case that lets somebody through, and a name.
 */
export function factsOfMade(
  made: Made,
  {
    treatment,
    action,
    attributes,
    today,
  }: {
    treatment: TreatmentDocument
    action: ActionDocument | undefined
    attributes: readonly AttributeDocument[]
    today: string
  },
): Record<string, unknown> {
  if (made === 'unknown') return {}
  const needed = named(Object.values(treatment.variables ?? {}))
  const values = attributes.filter(({ id }) => needed.has(id)).map((one) => [one.id, plainValue(one, today)] as const)
  const names = attributes
    .filter(({ source }) => 'person' in source && source.person === 'given_name')
    .map(({ id }) => [id, NAMES[made]] as const)
  const eligible = action?.cases?.find(({ expect }) => expect === 'eligible')
  return { ...Object.fromEntries(values), ...eligible?.customer, ...Object.fromEntries(names) }
}
