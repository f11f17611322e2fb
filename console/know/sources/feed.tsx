import type { Static } from 'typebox'
import type { FeedHealth as FeedHealthSchema, Feed as FeedSchema } from '#know/sources/contract'
import { Pill, type Tone } from '../../ui/values.tsx'
import { t } from './words.ts'

export type Feed = Static<typeof FeedSchema>
export type Health = Static<typeof FeedHealthSchema>

const TONES: Record<string, Tone> = {
  applied: 'good',
  refused: 'bad',
  unbalanced: 'bad',
  reading: 'info',
  applying: 'info',
}
export const FeedState = ({ state }: { state: string }) => (
  <Pill tone={TONES[state] ?? 'quiet'}>{state.replaceAll('_', ' ')}</Pill>
)

const HEALTH: Record<Health['state'], Tone> = {
  ok: 'good',
  late: 'warn',
  unbalanced: 'bad',
  refused: 'bad',
  never: 'warn',
}
export const HealthState = ({ state }: { state: Health['state'] }) => <Pill tone={HEALTH[state]}>{t(state)}</Pill>
