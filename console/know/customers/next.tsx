import { Button, Select } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Static } from 'typebox'
import type { PreviewReply } from '#decide/decisions/contract'
import type { FactsReply } from '#know/attributes/contract'
import type { CustomerView } from '#know/customers/contract'
import { useMay } from '../../shell/session.tsx'
import { day, money, percent } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import { RowsComing } from '../../ui/state.tsx'
import { Pill, type Tone } from '../../ui/values.tsx'
import type { Asking } from './asking.ts'
import { channelName } from './item.ts'
import { humanised } from './names.ts'
import { Why } from './why.tsx'
import { t } from './words.ts'
import { partsOf, questionsOf } from './worth.ts'

type Preview = Static<typeof PreviewReply>
type Action = Preview['actions'][number]

const CHANNELS = ['branch', 'contact_centre', 'app', 'web', 'call', 'email', 'sms', 'push', 'post']
const CLASS_TONES: Record<string, Tone> = { care: 'warn', service: 'info', regulatory: 'info', marketing: 'quiet' }

const NOTHING: Record<string, string> = {
  stopped: t('nothing_stopped'),
  no_contact: t('nothing_no_contact'),
  control: t('nothing_control'),
  nothing_eligible: t('nothing_nothing_eligible'),
  nothing_better: t('nothing_nothing_better'),
}

const ACTIONS_SHOWN = 3

/** What to say next on a channel and why, and what to ask. Looking at it claims nothing. */
export function Next({
  view,
  facts,
  preview,
  profilingObjected,
  channel,
  onChannel,
}: {
  view: CustomerView | undefined
  facts: Static<typeof FactsReply> | undefined
  preview: Asking<Preview>
  profilingObjected: boolean
  channel: string
  onChannel: (channel: string) => void
}) {
  const may = useMay()
  const [why, setWhy] = useState<string | null>(null)
  const { data, error } = preview
  const questions =
    data && view && facts
      ? questionsOf(data.considered, facts.described, { effects: view.effects, profilingObjected })
      : []
  const choices = CHANNELS.includes(channel) ? CHANNELS : [channel, ...CHANNELS]
  return (
    <Panel
      title={t('next')}
      aside={
        <Select
          size="xs"
          w={150}
          aria-label={t('on')}
          data={choices.map((value) => ({ value, label: channelName(value) }))}
          value={channel}
          onChange={(chosen) => onChannel(chosen ?? channel)}
          allowDeselect={false}
          comboboxProps={{ transitionProps: { duration: 80 } }}
        />
      }
    >
      {data ? (
        <ol className="know-next">
          {data.actions.length === 0 ? (
            <li className="know-next-nothing">
              <strong>{t('nothing')}</strong>
              <span className="ui-quiet">{NOTHING[data.nothingBecause ?? ''] ?? data.nothingBecause}</span>
            </li>
          ) : (
            data.actions
              .slice(0, ACTIONS_SHOWN)
              .map((action) => (
                <Offered key={action.action} action={action} preview={data} onWhy={() => setWhy(action.action)} />
              ))
          )}
        </ol>
      ) : error ? (
        <p role="alert" className="know-line">
          <Icon name="bad" size={14} className="ui-bad" /> {error.message} {error.next}
        </p>
      ) : (
        <RowsComing rows={4} height={18} />
      )}
      {questions.length > 0 ? (
        <div className="know-ask">
          <h3>{t('ask')}</h3>
          <ul>
            {questions.map(({ fact, actions }) => (
              <li key={fact.id} title={fact.meaning}>
                <strong>{fact.title.replace(/ (on|since|by)$/, '')}</strong>{' '}
                <span className="ui-quiet">{t('askFor', { actions: actions.join(', ') })}</span>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {data ? (
        <div className="know-next-foot">
          <Button variant="subtle" size="compact-sm" onClick={() => setWhy('')}>
            {data.actions.length === 0 ? t('whyNothing') : t('considered')}
          </Button>
          {view && may('decide.decisions:read') ? (
            <Button
              component={Link}
              to={`/decide/decisions?customerId=${view.customerId}`}
              variant="subtle"
              size="compact-sm"
            >
              {t('decisions')}
            </Button>
          ) : null}
        </div>
      ) : null}
      {data && why !== null ? <Why preview={data} action={why} facts={facts} onClose={() => setWhy(null)} /> : null}
    </Panel>
  )
}

function Offered({ action, preview, onWhy }: { action: Action; preview: Preview; onWhy: () => void }) {
  const parts = partsOf(preview.considered, action.action)
  const { offer } = action
  const terms = offer
    ? [
        offer.rateBp === undefined || offer.rateBp === null
          ? null
          : t('offerRate', { rate: percent(offer.rateBp / 10_000, 2), type: offer.rateType ?? '' }).trim(),
        offer.limitMinor ? t('offerLimit', { amount: money(offer.limitMinor, offer.currency) }) : null,
        offer.expiresOn ? t('offerUntil', { on: day(offer.expiresOn) }) : null,
      ].filter(Boolean)
    : []
  return (
    <li>
      <div className="know-next-head">
        <strong className="ui-clip">{action.title}</strong>
        <Pill tone={CLASS_TONES[action.class] ?? 'quiet'}>{humanised(action.class)}</Pill>
        <button
          type="button"
          className="ui-asks know-end know-small"
          aria-label={t('whyOf', { title: action.title })}
          onClick={onWhy}
        >
          {t('why')}
        </button>
      </div>
      {terms.length > 0 ? <span className="know-small">{terms.join(' · ')}</span> : null}
      {parts ? (
        <span className="ui-quiet know-small">
          {[
            t('worthThem', { amount: money(parts.customerValueMinor) }),
            t('worthUs', { amount: money(parts.bankValueMinor) }),
            t('likely', { share: percent(parts.propensity) }),
          ].join(' · ')}
        </span>
      ) : null}
    </li>
  )
}
