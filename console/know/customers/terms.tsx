import type { ShownAction } from '#engage/inbound/contract'
import { day, money, percent } from '../../ui/format.ts'
import { t } from './words-say.ts'

type Offer = NonNullable<ShownAction['offer']>

const AMOUNTS = ['amountMinor', 'limitMinor', 'feeMinor', 'instalmentMinor', 'totalMinor', 'bonusMinor'] as const
const AMOUNT_WORDS: Record<(typeof AMOUNTS)[number], string> = {
  amountMinor: t('amount'),
  limitMinor: t('limit'),
  feeMinor: t('fee'),
  instalmentMinor: t('instalment'),
  totalMinor: t('total'),
  bonusMinor: t('bonus'),
}

/** Every figure of an offer as it is owed to the customer, with its last day. */
export function Terms({ offer, at, language }: { offer: Offer; at: string; language: string }) {
  const lines: [string, string][] = []
  if (offer.rateBp !== undefined) {
    const type = offer.rateType === 'fixed' ? t('fixed') : offer.rateType === 'variable' ? t('variable') : ''
    lines.push([t('rate'), `${percent(offer.rateBp / 10_000, 2)} ${type}`.trim()])
  }
  if (offer.aprBp !== undefined) lines.push([t('apr'), percent(offer.aprBp / 10_000, 2)])
  for (const name of AMOUNTS) {
    const minor = offer[name]
    if (minor !== undefined) lines.push([AMOUNT_WORDS[name], money(minor, offer.currency)])
  }
  if (offer.termMonths !== undefined) lines.push([t('term'), t('months', { count: offer.termMonths })])
  if (offer.preApproved) lines.push([t('preApproved'), t('yes')])
  const warning = offer.warning && (offer.warning[language] ?? Object.values(offer.warning)[0])
  return (
    <div className="know-terms">
      <dl>
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="know-small">
        <strong>{t('holdsUntil', { on: day(offer.expiresOn) })}</strong>{' '}
        <span className="ui-quiet">{t('frozen', { at })}</span>
      </p>
      {warning ? (
        <p className="know-small" lang={language}>
          {warning}
        </p>
      ) : null}
    </div>
  )
}
