import type { ItemKind, TimelineItem } from '#engage/timeline/contract'
import type { IconName } from '../../ui/icons.tsx'
import type { Tone } from '../../ui/values.tsx'
import { humanised } from './names.ts'
import { t } from './words.ts'

export const KINDS: readonly ItemKind[] = [
  'contact',
  'answer',
  'event',
  'transaction',
  'standing',
  'consent',
  'decision',
]

const ICONS: Record<ItemKind, IconName> = {
  contact: 'message',
  answer: 'talk',
  event: 'event',
  transaction: 'money',
  standing: 'policy',
  consent: 'consent',
  decision: 'decide',
}
export const iconOf = ({ kind }: TimelineItem): IconName => ICONS[kind]

const KIND_NAMES: Record<ItemKind, string> = {
  contact: t('kind_contact'),
  answer: t('kind_answer'),
  event: t('kind_event'),
  transaction: t('kind_transaction'),
  standing: t('kind_standing'),
  consent: t('kind_consent'),
  decision: t('kind_decision'),
}
export const kindName = (kind: ItemKind): string => KIND_NAMES[kind]

const ONE_NAMES: Record<ItemKind, string> = {
  contact: t('one_contact'),
  answer: t('one_answer'),
  event: t('one_event'),
  transaction: t('one_transaction'),
  standing: t('one_standing'),
  consent: t('one_consent'),
  decision: t('one_decision'),
}
export const oneName = (kind: ItemKind): string => ONE_NAMES[kind]

const CHANNELS: Record<string, string> = { sms: 'SMS', email: 'E-mail', contact_centre: 'Contact centre' }
export const channelName = (channel: string): string => CHANNELS[channel] ?? humanised(channel)

const ANSWERS: Record<string, 'accept' | 'refuse' | 'not_now' | 'never' | 'click' | 'impression'> = {
  accept: 'accept',
  refuse: 'refuse',
  not_now: 'not_now',
  never: 'never',
  click: 'click',
  impression: 'impression',
}

/** One item of the timeline as a sentence, without its time and channel. */
export function sentenceOf({ kind, title, about, channel, facts }: TimelineItem): string {
  const what = title ?? (about === null ? oneName(kind) : humanised(about))
  switch (kind) {
    case 'answer': {
      const answer = ANSWERS[String(facts.answer)]
      return answer ? t(`answer_${answer}`, { what }) : `${humanised(String(facts.answer))}: ${what}`
    }
    case 'transaction':
      return facts.category ? humanised(String(facts.category)) : what
    case 'standing':
      return t(facts.change === 'ended' ? 'standing_ended' : 'standing_noted', { what })
    case 'consent': {
      const purpose = humanised(String(facts.purpose))
      return t('consentSays', {
        what: channel ? t('consentBy', { purpose, channel: channelName(channel) }) : purpose,
        state: String(facts.state),
      })
    }
    case 'event': {
      if (!about?.endsWith('.told') || title !== null) return what
      // A payload is what a channel sent: nothing is taken for granted of it.
      const { plan, topic } = (facts.payload ?? {}) as { plan?: unknown; topic?: unknown }
      const named = [plan, topic].find((one) => typeof one === 'string')
      return t('tells', { what: humanised(named ?? about.replace(/\.told$/, '')).toLowerCase() })
    }
    case 'decision': {
      const titles = Array.isArray(facts.titles) ? facts.titles.map(String) : []
      return titles.length === 0 ? t('decidedNothing') : t('decided', { what: titles.join(', ') })
    }
    default:
      return what
  }
}

const STATES: Record<string, Tone> = {
  accepted: 'good',
  delivered: 'good',
  refused: 'quiet',
  suppressed: 'warn',
  failed: 'bad',
  unknown: 'warn',
  pending: 'info',
  objected: 'bad',
  withdrawn: 'warn',
}

/** The state worth a mark beside the sentence; nothing for what went as it should. */
export function toneOf({ kind, facts }: TimelineItem): { tone: Tone; word: string } | undefined {
  const state = kind === 'contact' ? String(facts.state) : kind === 'transaction' ? String(facts.status) : ''
  if (state === '' || state === 'booked' || state === 'null') return undefined
  return { tone: STATES[state] ?? 'quiet', word: state.replaceAll('_', ' ') }
}
