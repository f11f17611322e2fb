import { catalogueFor } from '#know/attributes'
import type { Runtime } from '#platform/runtime'
import { activeRevision, documentsOf } from '#trust/playbook'
import type { FeedHealth, Source } from './contract.ts'
import { dependenceOf } from './dependence.ts'

/** What rests on a source that is not as it should be: until it is, rules that read it fail closed. */
export interface Waiting {
  source: string
  attributes: { id: string; title: string }[]
}

/** Which attributes wait for each source that is late, unbalanced, refused or never came. */
export async function waitingFor(rt: Runtime, health: readonly FeedHealth[]): Promise<Waiting[]> {
  const { documents } = await activeRevision(rt)
  const catalogue = catalogueFor({ documents })
  const dependence = dependenceOf(documentsOf<Source>({ documents }, 'source'), catalogue)
  const late = health.filter(({ state }) => state !== 'ok').map(({ source }) => source)
  return late.map((source) => ({
    source,
    attributes: catalogue.attributes
      .filter(({ id }) => dependence.of([`customer.${id}`]).includes(source))
      .map(({ id, document }) => ({ id, title: document.title })),
  }))
}
