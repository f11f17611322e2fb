import type { Attribute, Catalogue } from './catalogue.ts'
import type { CatalogueReply, FactsReply } from './contract.ts'

const sourceOf = (a: Attribute): string =>
  a.person !== undefined ? 'person' : a.formula ? 'formula' : a.rows!.row === 'holding' ? 'holding' : `${a.rows!.row}s`

/** The catalogue as people read it, by id. */
export function catalogueReply(catalogue: Catalogue, revision: string, asOf: string | null): CatalogueReply {
  const attributes = [...catalogue.attributes].sort((a, b) => (a.id < b.id ? -1 : 1))
  return {
    revision,
    asOf,
    attributes: attributes.map((a) => ({
      id: a.id,
      title: a.document.title,
      meaning: a.document.meaning,
      type: a.type,
      unit: a.document.unit ?? null,
      default: a.default,
      source: sourceOf(a),
      reads: [...a.reads],
      personal: a.document.personal?.purpose ?? null,
    })),
  }
}

/** Attributes without a value among these facts. */
export const absentIn = (catalogue: Catalogue, attributes: Record<string, unknown>): string[] =>
  catalogue.attributes
    .filter((a) => attributes[a.id] === null || attributes[a.id] === undefined)
    .map((a) => a.id)
    .sort()

/** A customer's attributes with what each means. */
export const described = (catalogue: Catalogue, attributes: Record<string, unknown>): FactsReply['described'] =>
  catalogue.attributes.map((a) => {
    const value = attributes[a.id] ?? null
    const { title, meaning, unit = null } = a.document
    return { id: a.id, title, meaning, type: a.type, unit, source: sourceOf(a), value, absent: value === null }
  })
