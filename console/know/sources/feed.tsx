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
const STATES: Record<string, string> = {
  applied: t('taken'),
  refused: t('refused'),
  unbalanced: t('unbalanced'),
  reading: t('reading'),
  applying: t('applying'),
}
/** What became of a file; one of which rows wait is not done with. */
export const stateOf = ({ state, rowsQuarantined }: Pick<Feed, 'state' | 'rowsQuarantined'>): string =>
  state === 'applied' && rowsQuarantined > 0 ? t('rowsWait') : (STATES[state] ?? state.replaceAll('_', ' '))
export const FeedState = ({ feed }: { feed: Pick<Feed, 'state' | 'rowsQuarantined'> }) => (
  <Pill tone={feed.state === 'applied' && feed.rowsQuarantined > 0 ? 'warn' : (TONES[feed.state] ?? 'quiet')}>
    {stateOf(feed)}
  </Pill>
)

const HEALTH: Record<Health['state'], Tone> = {
  ok: 'good',
  late: 'warn',
  unbalanced: 'bad',
  refused: 'bad',
  never: 'warn',
}
export const HealthState = ({ state }: { state: Health['state'] }) => <Pill tone={HEALTH[state]}>{t(state)}</Pill>
