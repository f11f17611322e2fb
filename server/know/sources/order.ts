import type { FieldSpec, Source, Target } from './contract.ts'

const RANK: Readonly<Record<Target, number>> = {
  branch: 0,
  customer: 1,
  holding: 2,
  role: 3,
  relation: 4,
  standing: 5,
  consent: 6,
  transaction: 7,
  event: 8,
}

/** The numberings that a mapping looks up. */
export const needs = (source: Pick<Source, 'fields'>): string[] =>
  Object.values(source.fields).flatMap((spec: FieldSpec) =>
    typeof spec === 'object' && 'lookup' in spec ? [spec.namespace] : [],
  )

/** Sources in the order in which they build on each other: whoever gives a numbering comes before who looks it up. */
export function importOrder(sources: readonly Source[]): Source[] {
  const left = [...sources].sort((a, b) => RANK[a.target] - RANK[b.target] || (a.id < b.id ? -1 : 1))
  const ordered: Source[] = []
  const gives = (source: Source): string => source.namespace ?? source.id
  while (left.length > 0) {
    const at = left.findIndex((source) =>
      needs(source).every(
        (space) =>
          !left.some(
            (other) =>
              other !== source && gives(other) === space && (other.target === 'customer' || other.target === 'holding'),
          ),
      ),
    )
    // A circle cannot be ordered; its rows end in quarantine with the key they miss, and can be given again.
    ordered.push(...left.splice(Math.max(at, 0), 1))
  }
  return ordered
}
