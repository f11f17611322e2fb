import type { Kind } from '#trust/playbook'
import { PlacementDocument } from './contract.ts'

/** The kinds of document that this module brings to the playbook. */
export const kinds: Kind[] = [{ kind: 'placement', folder: 'placements', schema: PlacementDocument }]
