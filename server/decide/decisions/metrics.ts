import type { Family } from '#platform/telemetry'
import type { Settled } from './batch.ts'
import type { DecisionReply } from './contract.ts'

export const DECISIONS: Family = {
  kind: 'counter',
  name: 'clientele_decisions_total',
  help: 'Questions answered by channel and outcome: shown, why there was nothing (stopped, no_contact, control, nothing_eligible, nothing_better), or refused.',
  labels: ['channel', 'outcome'],
}
export const BATCH_SIZE: Family = {
  kind: 'histogram',
  name: 'clientele_decision_batch_questions',
  help: 'How many questions were read, decided and committed together.',
  labels: [],
  buckets: [1, 2, 4, 8, 16, 24, 32, 48],
}
/** What decide/decisions counts. */
export const families: readonly Family[] = [DECISIONS, BATCH_SIZE]

/** Counts one batch: its size, and each question by what came of it. */
export function countBatch(
  note: (family: Family, labels: Record<string, string>, value: number) => void,
  channels: ReadonlyMap<string, unknown>,
  asks: readonly { channel: string }[],
  results: readonly Settled<DecisionReply>[],
): void {
  note(BATCH_SIZE, {}, asks.length)
  for (const [place, result] of results.entries()) {
    // A channel that no playbook has is whatever a caller makes up: no name for a metric.
    const channel = channels.has(asks[place]!.channel) ? asks[place]!.channel : 'unknown'
    note(DECISIONS, { channel, outcome: result.ok ? (result.value.nothingBecause ?? 'shown') : 'refused' }, 1)
  }
}
