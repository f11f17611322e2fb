import type { Kind } from '#trust/playbook'
import { OutcomeDocument } from './contract.ts'

/** The kinds of document that this module brings to the playbook. */
export const kinds: Kind[] = [{ kind: 'outcome', folder: 'outcomes', schema: OutcomeDocument }]
