import type { Program } from '#platform/expressions'
import type { SegmentDocument } from './contract.ts'

export interface Rule {
  document: SegmentDocument
  program: Program
}

/**
 * The segments to which these attributes belong, ordered by id. Segments of one group exclude each other: of those that
 * apply the one of highest priority counts, the first by id among equals.
 */
export function segmentsAmong(rules: readonly Rule[], attributes: Record<string, unknown>, today: string): string[] {
  const facts = { customer: attributes, context: { today } }
  const free: string[] = []
  const best = new Map<string, SegmentDocument>()
  for (const { document, program } of rules) {
    if (!program.admits(facts)) continue
    if (document.group === undefined) free.push(document.id)
    else {
      const before = best.get(document.group)
      if (!before || ranks(document, before)) best.set(document.group, document)
    }
  }
  return [...free, ...[...best.values()].map(({ id }) => id)].sort()
}

/** Whether a segment goes before another of its group. */
export const ranks = (a: SegmentDocument, b: SegmentDocument): boolean =>
  (a.priority ?? 0) > (b.priority ?? 0) || ((a.priority ?? 0) === (b.priority ?? 0) && a.id < b.id)
