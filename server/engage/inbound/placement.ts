import { invalid } from '#platform/errors'
import { documentOf, documentsOf, type Revision } from '#trust/playbook'
import type { PlacementDocument } from './contract.ts'

/** An offer that nobody saw by then expires, where the placement says nothing. */
export const VALID_FOR_SECONDS = 86_400

/** A placement of the playbook. Throws `placement_unknown` (invalid). */
export function placementOf(revision: Revision, id: string): PlacementDocument {
  const placement = documentOf<PlacementDocument>(revision, 'placement', id)
  if (placement) return placement
  throw invalid(
    'placement_unknown',
    {
      placement: id,
      known: documentsOf(revision, 'placement')
        .map((known) => known.id)
        .slice(0, 20),
    },
    `The playbook has no placement "${id}".`,
    'Name one of the known placements, or add it to the playbook.',
  )
}
