import type { Static } from 'typebox'
import type { StopsReply } from '#trust/stops/contract'
import { now } from '../../ui/format.ts'
import { humanised } from '../../ui/typed-value.tsx'
import { t } from './words.ts'

export type Stop = Static<typeof StopsReply>['stops'][number]
export type Scope = Stop['scope']
export const SCOPES: readonly Scope[] = ['action', 'template', 'channel', 'everything']

/** 'Action Goal saver', 'Everything'. */
export const whatOf = ({ scope, target }: Pick<Stop, 'scope' | 'target'>): string =>
  scope === 'everything' ? t('everything') : `${t(scope)} ${humanised(target)}`

/** How long a stop lasted, or has lasted until now. */
export function lastedOf({ stoppedAt, confirmedAt }: Stop): string {
  const until = confirmedAt === null ? now() : new Date(confirmedAt)
  const minutes = Math.max(0, Math.round((until.getTime() - new Date(stoppedAt).getTime()) / 60_000))
  if (minutes < 120) return t('minutes', { count: minutes })
  const hours = Math.round(minutes / 60)
  return hours < 72 ? t('hours', { count: hours }) : t('days', { count: Math.round(hours / 24) })
}
