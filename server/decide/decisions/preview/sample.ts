import { notFound } from '#platform/errors'
import type { Revision } from '#trust/playbook'
import { caseInputs } from '../cases.ts'
import { type Said, saidTo } from '../engine.ts'
import { playbookOf } from '../playbook.ts'

/** What a treatment says to somebody, and which of the values it names could not be computed of them. */
export interface SaidToSample extends Said {
  absent: string[]
}

/**
 * What a treatment would say to a made-up customer: the figures of its offer and the values of its variables. Whether
 * they may be told it is not asked. Errors: `treatment_unknown` (not found).
 * @param customer attributes by id, as in an action's test cases; what is missing is absent.
 */
export function saidToSample(
  revision: Revision,
  asked: { treatment: string; customer: Record<string, unknown>; now: Date; today: string },
): SaidToSample {
  const playbook = playbookOf(revision)
  const treatment = playbook.catalogue.treatments.find(({ id }) => id === asked.treatment)
  if (!treatment)
    throw notFound(
      'treatment_unknown',
      { treatment: asked.treatment },
      `The playbook has no treatment ${asked.treatment}.`,
      'Take one of the action’s own treatments.',
    )
  const made = caseInputs(playbook, { customer: asked.customer }, treatment.channel.id)
  const inputs = { ...made, nowMs: asked.now.getTime(), today: asked.today }
  const said = saidTo(playbook, inputs, treatment)
  const absent = Object.keys(said.variables).filter((name) => said.variables[name] === null)
  return { ...said, absent }
}
