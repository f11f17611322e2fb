import type { Webhook } from '#engage/webhooks/contract'
import { now } from '../../ui/format.ts'
import { Pill, type Tone } from '../../ui/values.tsx'
import { t } from './words.ts'

export type Health = 'delivering' | 'nothingYet' | 'failing' | 'away' | 'hasAside' | 'paused' | 'off'

const TONES: Record<Health, Tone> = {
  delivering: 'good',
  nothingYet: 'quiet',
  failing: 'warn',
  away: 'bad',
  hasAside: 'bad',
  paused: 'warn',
  off: 'quiet',
}

/** The worst that is so of a webhook: what somebody should do something about. */
export function healthOf({ state, resumesAt, setAside, failures, deliveredAt }: Webhook): Health {
  if (state !== 'on') return state
  if (resumesAt !== null && new Date(resumesAt) > now()) return 'away'
  if (setAside > 0) return 'hasAside'
  if (failures > 0) return 'failing'
  return deliveredAt === null ? 'nothingYet' : 'delivering'
}

export const HealthPill = ({ webhook }: { webhook: Webhook }) => {
  const health = healthOf(webhook)
  return <Pill tone={TONES[health]}>{t(health)}</Pill>
}

const STATES: Record<string, [tone: Tone, word: 'isWaiting' | 'isDelivered' | 'isSetAside']> = {
  waiting: ['info', 'isWaiting'],
  delivered: ['good', 'isDelivered'],
  set_aside: ['bad', 'isSetAside'],
}

/** What became of an event. */
export const DeliveryPill = ({ state }: { state: string }) => {
  const [tone, word] = STATES[state] ?? ['quiet', 'isWaiting']
  return <Pill tone={tone}>{t(word)}</Pill>
}

/** JSON as people read it; what is none stays as it is. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
