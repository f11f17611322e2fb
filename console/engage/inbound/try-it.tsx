import { Button, NumberInput, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { Place, PlacePreviewReply } from '#engage/inbound/contract'
import { isRefusal, type Refusal, useTell } from '../../shell/api.ts'
import { Choose, useMayChoose } from '../../shell/choose.tsx'
import type { Found } from '../../shell/registration.ts'
import { useMay } from '../../shell/session.tsx'
import { number } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Inspector } from '../../ui/inspector.tsx'
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

type Ending = PlacePreviewReply['endings'][number]

/** Where each action ended, the best first, and the clause that decided it. */
function Why({ endings, onClose }: { endings: readonly Ending[]; onClose: () => void }) {
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  return (
    <Inspector title={t('whyTitle')} onClose={onClose}>
      <TextInput
        type="search"
        size="xs"
        aria-label={t('filterActions')}
        placeholder={t('filterActions')}
        leftSection={<Icon name="filter" size={14} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <ul className="place-why">
        {endings
          .filter(({ title }) => title.toLowerCase().includes(wanted))
          .map(({ action, title, verdict, because }) => (
            <li key={action}>
              <div>
                <bdi>{title}</bdi>
                <Pill tone={verdict === 'shown' ? 'good' : 'quiet'}>{verdictOf(verdict)}</Pill>
              </div>
              {because ? (
                <p className="ui-quiet">
                  <bdi>{because.title}</bdi>. {t('foundNeeded', { found: because.found, needed: because.needed })}
                </p>
              ) : null}
            </li>
          ))}
      </ul>
    </Inspector>
  )
}

function Result({ place, came }: { place: Place; came: PlacePreviewReply }) {
  const may = useMay()
  const [why, setWhy] = useState(false)
  const { shown, considered, verdicts, endings, nothingBecause, customerId } = came
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
        {may('know.customers:read') ? (
          <Link to={`/know/customers/${customerId}`} search={{ channel: place.channel } as never}>
            {t('toCustomer')}
          </Link>
        ) : null}
      </p>
      <div>
        <Button variant="default" size="xs" onClick={() => setWhy(true)}>
          {t('whyAll', { count: considered })}
        </Button>
      </div>
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
      {why ? <Why endings={endings} onClose={() => setWhy(false)} /> : null}
    </>
  )
}

/** What a placement would show to a customer now, without claiming anything. */
export function TryIt({ place }: { place: Place }) {
  const may = useMay()
  const mayChoose = useMayChoose('customer')
  const [chosen, setChosen] = useState<Found | null>(null)
  const [typed, setTyped] = useState<number | string>('')
  const customerId = mayChoose ? (chosen?.id ?? '') : typed
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
        {mayChoose ? (
          <Choose
            what="customer"
            label={t('customerFound')}
            hint={t('customerHint')}
            chosen={chosen}
            onChoose={setChosen}
          />
        ) : (
          <NumberInput
            label={t('customer')}
            value={typed}
            onChange={setTyped}
            min={1}
            allowDecimal={false}
            allowNegative={false}
            hideControls
            required
            withAsterisk={false}
            w={200}
          />
        )}
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
