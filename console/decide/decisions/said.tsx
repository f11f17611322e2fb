import { Link } from '@tanstack/react-router'
import type { Explanation } from '#decide/decisions/contract'
import type { ReadReply } from '#engage/content/contract'
import { day, money, percent } from '../../ui/format.ts'
import { Pill, type Tone } from '../../ui/values.tsx'
import { HtmlWords } from './html-words.tsx'
import type { Traced } from './stages.ts'
import { readable, t } from './words.ts'

type Shown = Explanation['shown'][number]
type Offer = NonNullable<Shown['offer']>

const CLASS_TONES: Record<string, Tone> = { marketing: 'info', service: 'quiet', care: 'good', regulatory: 'warn' }

const TERM = ['amountMinor', 'limitMinor', 'feeMinor', 'instalmentMinor', 'totalMinor', 'bonusMinor'] as const
const TERM_WORDS: Record<(typeof TERM)[number], string> = {
  amountMinor: t('amount'),
  limitMinor: t('limit'),
  feeMinor: t('fee'),
  instalmentMinor: t('instalment'),
  totalMinor: t('total'),
  bonusMinor: t('bonus'),
}

/** The figures of an offer as they are owed to the customer. */
function Terms({ offer }: { offer: Offer }) {
  const lines: [string, string][] = [[t('product'), readable(offer.product)]]
  if (offer.rateBp !== undefined) {
    const type = offer.rateType === 'fixed' ? t('fixed') : offer.rateType === 'variable' ? t('variable') : ''
    lines.push([t('rate'), `${percent(offer.rateBp / 10_000, 2)} ${type}`])
  }
  if (offer.aprBp !== undefined) lines.push([t('aprRate'), percent(offer.aprBp / 10_000, 2)])
  for (const term of TERM) {
    const minor = offer[term]
    if (minor !== undefined) lines.push([TERM_WORDS[term], money(minor, offer.currency)])
  }
  if (offer.termMonths !== undefined) lines.push([t('term'), t('months', { count: offer.termMonths })])
  if (offer.preApproved) lines.push([t('preApproved'), t('yes')])
  return (
    <dl className="said-terms">
      {lines.map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The words as the customer read them. */
function Words({ message }: { message: ReadReply['messages'][number] | undefined }) {
  if (!message || message.text === null) return null
  return (
    <blockquote className="said-words" lang={message.language}>
      {message.subject === null ? null : <strong>{message.subject}</strong>}
      {message.format === 'html' ? <HtmlWords html={message.text} /> : <p>{message.text}</p>}
    </blockquote>
  )
}

/** What the customer met: one card for each place won, with what was promised. */
export function Said({
  shown,
  actions,
  messages,
  onWhy,
}: {
  shown: readonly Shown[]
  actions: readonly Traced[]
  messages: ReadReply['messages']
  onWhy: (action: string) => void
}) {
  return (
    <div className="said">
      {shown.map(({ action, treatment, class: of, offer, variables }) => (
        <article key={action} className="said-card">
          <div className="said-head">
            <h3>
              <bdi>{actions.find((one) => one.action === action)?.title ?? readable(action)}</bdi>
            </h3>
            <Pill tone={CLASS_TONES[of] ?? 'quiet'}>{of}</Pill>
          </div>
          <span className="ui-quiet">
            {t('treatment')} <bdi>{readable(treatment)}</bdi>
          </span>
          <Words message={messages.find((one) => one.treatment === treatment)} />
          {offer === null ? (
            <span className="ui-quiet">{t('noOffer')}</span>
          ) : (
            <>
              <span className="part-name">{t('offer')}</span>
              <Terms offer={offer} />
              <strong>{t('owedUntil', { day: day(offer.expiresOn) })}</strong>
            </>
          )}
          {Object.keys(variables).length > 0 ? (
            <span className="part-name">
              {t('values')}:{' '}
              <bdi>
                {Object.entries(variables)
                  .map(
                    ([name, value]) =>
                      `${readable(name).toLowerCase()} ${value === null ? t('absent') : String(value)}`,
                  )
                  .join(', ')}
              </bdi>
            </span>
          ) : null}
          <span>
            <button type="button" className="ui-asks" onClick={() => onWhy(action)}>
              {t('why')}
            </button>
            {' · '}
            <Link to={`/decide/propositions/actions/${action}` as never}>{t('toAction')}</Link>
          </span>
        </article>
      ))}
    </div>
  )
}
