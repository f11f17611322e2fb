import { createHash } from 'node:crypto'
import { type DocumentSet, documentsOf } from '#trust/playbook'
import type { ExperimentDocument } from './contract.ts'

export type Arm = 'control' | 'treated'

/** The control group of a playbook: the first experiment document by id; undefined when it has none. */
export const controlOf = (documents: DocumentSet): ExperimentDocument | undefined =>
  documentsOf<ExperimentDocument>({ documents }, 'experiment')[0]

/** '2026' for one drawn anew each year, by the business date; 'all' for one that is not. */
export const periodOf = (experiment: ExperimentDocument, today: string): string =>
  experiment.redraw === 'yearly' ? today.slice(0, 4) : 'all'

/** What is hashed: the household, so that people who live together share an arm; a person who lives alone, alone. */
export const unitOf = (customerId: number, householdId: number | null): string =>
  householdId === null ? `c${customerId}` : `h${householdId}`

/**
 * The arm of a unit: the first 32 bits of MD5(salt:experiment:period:unit) as a share of 10,000, below controlBp is
 * control. The same in SQL (store.ts), for everybody at once; MD5 because PostgreSQL has it and nothing hangs on secrecy.
 */
export function armOf(experiment: ExperimentDocument, period: string, unit: string): Arm {
  const digest = createHash('md5').update(`${experiment.salt}:${experiment.id}:${period}:${unit}`).digest()
  return digest.readUInt32BE(0) % 10_000 < experiment.controlBp ? 'control' : 'treated'
}
