import { kinds as arbitrationKinds, type Beliefs, beliefsOf } from '#decide/arbitration'
import { kinds as experimentKinds } from '#decide/experiments'
import { kinds as policyKinds } from '#decide/policies'
import { kinds as propositionKinds } from '#decide/propositions'
import { kinds as attributeKinds } from '#know/attributes'
import {
  kinds as bankKinds,
  type Document,
  type Revision,
  readFolder,
  registerKinds,
  revisionHash,
  setOf,
} from '#trust/playbook'

export const SMALL_PLAYBOOK = new URL('../golden/decisions/playbook', import.meta.url).pathname

/** Makes the kinds of the small playbook known to this process. */
export function registerDecideKinds(): void {
  for (const kinds of [bankKinds, attributeKinds, propositionKinds, policyKinds, arbitrationKinds, experimentKinds])
    registerKinds(...(kinds as unknown as readonly never[]))
}

/** The small playbook of golden/decisions; `edit` may change, add (by kind and id) or drop documents. */
export async function smallPlaybook(edit: (documents: Document[]) => Document[] = (all) => all): Promise<Revision> {
  registerDecideKinds()
  const documents = (await readFolder(SMALL_PLAYBOOK)).map((written) => {
    if (!written.document) throw new Error(`${written.file}: ${JSON.stringify(written.findings)}`)
    return written.document
  })
  const set = setOf(edit(documents))
  return { id: revisionHash(set), documents: set, sequence: 1 }
}

/** Beliefs of a playbook about which nothing has been learned. */
export const priorBeliefs = (playbook: {
  catalogue: Parameters<typeof beliefsOf>[0]
  arbitration: { priorOffers: number }
}): Beliefs => beliefsOf(playbook.catalogue, [], playbook.arbitration.priorOffers)
