import type { Kind } from '#trust/playbook'
import { OutcomeDocument } from './contract.ts'

/** The kinds of document that this module brings to the playbook. */
export const kinds: Kind[] = [
  {
    kind: 'outcome',
    folder: 'outcomes',
    schema: OutcomeDocument,
    references: (document) => {
      const outcome = document as unknown as OutcomeDocument
      const products =
        'holdingOpened' in outcome.measure
          ? outcome.measure.holdingOpened
          : 'holdingClosed' in outcome.measure
            ? outcome.measure.holdingClosed
            : []
      return [
        ...outcome.actions.map((id, i) => ({ path: `/actions/${i}`, kind: 'action', id })),
        ...products.map((id) => ({ path: '/measure', kind: 'product', id })),
      ]
    },
  },
]
