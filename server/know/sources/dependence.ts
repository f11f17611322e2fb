import type { Attribute, Catalogue } from '#know/attributes'
import type { Source, Target } from './contract.ts'

/** What of a person comes anew each night; name, birth date or address are known from before when a file is late. */
const TARGET_OF_PERSON: Readonly<Record<string, Target>> = { standings: 'standing', relations: 'relation' }

/**
 * Which sources deliver what expressions read, by the paths that they read (`customer.income_month_minor`): those of
 * the rows behind each attribute, and behind the attributes that a formula reads. What was told by events over HTTP
 * comes from no file. `holdings`: those that deliver what people hold.
 */
export interface Dependence {
  of(reads: readonly string[]): string[]
  readonly holdings: readonly string[]
}

export function dependenceOf(sources: readonly Source[], attributes: Catalogue): Dependence {
  const delivering = (...targets: Target[]): string[] =>
    sources.filter(({ target }) => targets.includes(target)).map(({ id }) => id)
  const holdings = delivering('holding', 'role')
  const balances = sources.filter(({ balances }) => balances === true).map(({ id }) => id)
  const known = new Map<string, readonly string[]>()
  const ofAttribute = (id: string): readonly string[] => {
    const before = known.get(id)
    if (before) return before
    const attribute = attributes.byId.get(id)
    const found = attribute ? [...new Set(behind(attribute))].sort() : []
    known.set(id, found)
    return found
  }
  const behind = ({ person, rows, reads }: Attribute): readonly string[] => {
    if (person !== undefined)
      return Object.hasOwn(TARGET_OF_PERSON, person) ? delivering(TARGET_OF_PERSON[person]!) : []
    if (!rows) return reads.flatMap(ofAttribute)
    if (rows.row === 'event') return delivering('event')
    if (rows.row === 'transaction') return delivering('transaction')
    const fields = [rows.of ?? '', ...(rows.where?.reads ?? [])]
    return fields.some((field) => field.includes('balance')) ? [...holdings, ...balances] : holdings
  }
  const of = (paths: readonly string[]): string[] => [
    ...new Set(paths.filter((path) => path.startsWith('customer.')).flatMap((path) => ofAttribute(path.slice(9)))),
  ]
  return { of, holdings }
}
