import { Button, NumberInput, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { Place, PlacePreviewReply } from '#engage/inbound/contract'
import { isRefusal, type Refusal, useTell } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { number } from '../../ui/format.ts'
import { Framed, frameOf } from '../../ui/message-frame.tsx'
import { Pill } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import { t } from './words.ts'

const BECAUSE = ['nothing_eligible', 'nothing_better', 'no_contact', 'stopped', 'control'] as const
const becauseOf = (code: string | null): string => {
  const known = BECAUSE.find((one) => one === code)
  return known ? t(known) : (code ?? '').replaceAll('_', ' ')
}

const VERDICTS = [
  'shown',
  'outranked',
  'below_nothing',
  'withheld',
  'nothing',
  'stopped',
  'no_treatment',
  'product_rule',
  'credit_rule',
  'feed_late',
  'eligibility',
  'applicability',
  'suitability',
  'standing',
  'authority',
  'consent',
  'quiet_time',
  'cap',
  'rest',
  'offer_ended',
  'value_error',
  'customer_value',
  'score_error',
] as const
const verdictOf = (code: string): string => {
  const known = VERDICTS.find((one) => one === code)
  return known ? t(`v_${known}`) : code.replaceAll('_', ' ')
}

function Result({ place, came }: { place: Place; came: PlacePreviewReply }) {
  const may = useMay()
  const { shown, considered, verdicts, nothingBecause, customerId } = came
  const list = Object.entries(verdicts)
    .sort(([, a], [, b]) => b - a)
    .map(([verdict, count]) => `${number(count)} ${verdictOf(verdict)}`)
    .join(', ')
  return (
    <>
      <p role="status" className="place-note">
        <strong>
          {shown.length > 0
            ? t('wouldShow', { count: shown.length, considered })
            : t('wouldNothing', { because: becauseOf(nothingBecause) })}
        </strong>{' '}
        {t('ended', { count: considered, list })}{' '}
        {may('know.customers:read') ? <Link to={`/know/customers/${customerId}`}>{t('toCustomer')}</Link> : null}
      </p>
      {shown.length > 0 ? (
        <div className="place-shown">
          {shown.map((one) => (
            <article key={one.action} className="place-card">
              <header>
                <h3>{one.title}</h3>
                <Pill tone={one.class === 'marketing' ? 'info' : 'quiet'}>{one.class}</Pill>
              </header>
              {one.text === null ? (
                <p className="ui-bad">{t('failedText', { why: one.failed ?? '' })}</p>
              ) : (
                <Framed
                  frame={frameOf({ id: place.channel, consent: 'none', staffed: place.staffed })}
                  title={one.title}
                  message={{ ...one, text: one.text, imageAlt: null }}
                  format={one.format}
                  charactersMax={place.textCharactersMax ?? undefined}
                />
              )}
            </article>
          ))}
        </div>
      ) : null}
    </>
  )
}

/** What a placement would show to a customer now, without claiming anything. */
export function TryIt({ place }: { place: Place }) {
  const may = useMay()
  const [customerId, setCustomerId] = useState<number | string>('')
  const [why, setWhy] = useState('')
  const [asksWhy, setAsksWhy] = useState(false)
  const [came, setCame] = useState<PlacePreviewReply | null>(null)
  const [problem, setProblem] = useState<Refusal | null>(null)
  const preview = useTell(endpoints.preview)
  if (!may('decide.decisions:preview')) return <p className="place-note ui-quiet">{t('tryNotYours')}</p>
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setProblem(null)
    try {
      const body = { customerId: Number(customerId), placement: place.placement }
      setCame(await preview.mutateAsync({ body, ...(why.trim() ? { reason: why.trim() } : {}) }))
    } catch (error) {
      if (!isRefusal(error)) throw error
      setCame(null)
      setAsksWhy(asksWhy || error.code === 'reason_needed')
      setProblem(error)
    }
  }
  return (
    <div className="place-try">
      <p className="place-note ui-quiet">{t('trySays')}</p>
      <form onSubmit={submit}>
        <NumberInput
          label={t('customer')}
          value={customerId}
          onChange={setCustomerId}
          min={1}
          allowDecimal={false}
          allowNegative={false}
          hideControls
          required
          withAsterisk={false}
          w={200}
        />
        {asksWhy ? (
          <TextInput
            label={t('why')}
            description={t('whyHint')}
            value={why}
            onChange={(event) => setWhy(event.currentTarget.value)}
            minLength={10}
            maxLength={200}
          />
        ) : null}
        <Button type="submit" loading={preview.isPending} disabled={customerId === ''}>
          {t('show')}
        </Button>
      </form>
      {problem ? (
        <p role="alert" className="place-note ui-bad">
          {problem.message} {problem.next}
        </p>
      ) : null}
      {came ? <Result place={place} came={came} /> : null}
    </div>
  )
}
