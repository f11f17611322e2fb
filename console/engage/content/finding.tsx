import type { Finding, Treatment } from '#engage/content/contract'
import { Pill, type Tone } from '../../ui/values.tsx'
import { language as spoken } from '../../ui/words.ts'
import { t } from './words.ts'

const CLASS_TONES: Record<string, Tone> = { marketing: 'info', service: 'quiet', care: 'good', regulatory: 'warn' }
export const ClassPill = ({ of }: { of: string }) => <Pill tone={CLASS_TONES[of] ?? 'quiet'}>{of}</Pill>

const names = new Intl.DisplayNames([spoken()], { type: 'language' })
/** 'de' as a person says it; a code that nobody knows stays. */
export const languageName = (code: string): string => {
  try {
    return names.of(code) ?? code
  } catch {
    return code
  }
}

export const findingText = ({ kind, language }: Finding): string => t(kind, { language: languageName(language) })

/** What was found, in a word; the rest on its page. */
export function Found({ of: { findings } }: { of: Treatment }) {
  const [first, ...more] = findings
  if (!first) return <span className="ui-quiet">{t('clean')}</span>
  const tone = findings.some(({ kind }) => kind === 'not_filled' || kind === 'too_long') ? 'bad' : 'warn'
  return (
    <Pill tone={tone}>
      {findingText(first)}
      {more.length > 0 ? ` +${more.length}` : ''}
    </Pill>
  )
}

/** Every finding as a sentence. */
export const Findings = ({ of: { findings } }: { of: Treatment }) => (
  <ul className="message-findings">
    {findings.map((finding) => (
      <li key={`${finding.kind} ${finding.language}`}>
        <Pill tone={finding.kind === 'not_filled' || finding.kind === 'too_long' ? 'bad' : 'warn'}>
          {findingText(finding)}
        </Pill>{' '}
        <span>
          {languageName(finding.language)}
          {finding.made === null ? '' : `, ${t(finding.made).toLowerCase()}`}: {finding.says}
        </span>
      </li>
    ))}
  </ul>
)

const CONSENTS = ['email', 'sms', 'push', 'call', 'post'] as const
const consentName = (code: string): string => {
  const known = CONSENTS.find((one) => one === code)
  return known ? t(known) : code
}

/** What its class means for whom it may reach. */
export const classSays = ({ class: kind, consent, promotional }: Treatment): string =>
  [
    kind !== 'marketing'
      ? t('isService')
      : consent === 'none'
        ? t('isMarketingHere')
        : t('isMarketing', { consent: consentName(consent) }),
    promotional ? t('promotional') : '',
  ]
    .filter(Boolean)
    .join(' ')
