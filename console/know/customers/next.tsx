import { Button, Select } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Static } from 'typebox'
import type { DeskReply } from '#engage/inbound/contract'
import type { FactsReply } from '#know/attributes/contract'
import type { CustomerView } from '#know/customers/contract'
import { useMay } from '../../shell/session.tsx'
import { day, money, percent } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import { RowsComing } from '../../ui/state.tsx'
import { Pill, type Tone } from '../../ui/values.tsx'
import { Agreements } from './agreements.tsx'
import type { Asking, Preview } from './asking.ts'
import { Calls } from './calls.tsx'
import { channelName } from './item.ts'
import { humanised } from './names.ts'
import { NoteTold } from './note-told.tsx'
import { SaidNow } from './said-now.tsx'
import { Saying } from './saying.tsx'
import { type Actor, actorsOf } from './talk.ts'
import { useTalk } from './use-talk.ts'
import { Why } from './why.tsx'
import { t } from './words.ts'
import { t as say } from './words-say.ts'
import { partsOf, type Question, questionsOf } from './worth.ts'

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

/** Why nothing may be sold to them, whatever the decision would be; undefined when it may. */
const limitOf = ({ effects }: CustomerView): string | undefined =>
  effects.stopAll
    ? t('stopAllSays')
    : effects.careOnly
      ? t('careOnlySays')
      : effects.serviceOnly
        ? t('serviceOnlySays')
        : undefined

/**
 * What to say next on a channel and why, and what to ask. Looking at it claims nothing; saying one claims it, as on any
 * other channel, and what the customer answers is known everywhere.
 */
export function Next({
  view,
  facts,
  preview,
  profilingObjected,
  channel,
  onChannel,
  desk,
  actor,
  onActor,
  customerId,
  reason,
}: {
  view: CustomerView | undefined
  facts: Static<typeof FactsReply> | undefined
  preview: Asking<Preview>
  profilingObjected: boolean
  channel: string
  onChannel: (channel: string) => void
  /** Undefined for whoever looks and does not talk with customers. */
  desk: DeskReply | undefined
  /** Who acts for the customer and is here; null: the customer. */
  actor: Actor | null
  onActor: (actor: Actor | null) => void
  customerId: number
  reason: string | undefined
}) {
  const may = useMay()
  const [why, setWhy] = useState<string | null>(null)
  const [noting, setNoting] = useState<string | null>(null)
  const place = desk?.placements.find((one) => one.channel === channel)
  const talk = useTalk({ customerId, place, actor, reason })
  const { held, told } = talk
  const { data, error } = preview
  const questions =
    data && view && facts
      ? questionsOf(data.considered, facts.described, { effects: view.effects, profilingObjected })
      : []
  const known = [...new Set([...(desk?.placements.map((one) => one.channel) ?? []), ...CHANNELS])]
  const choices = known.includes(channel) ? known : [channel, ...known]
  const limit = view && limitOf(view)
  const actors = view ? actorsOf(view) : []
  // What is being said, or was answered in this talk, is not offered once more; a service may otherwise come again.
  const spoken = new Set([
    held?.shown.action,
    ...told.filter(({ answer }) => answer !== 'impression').map((one) => one.held.shown.action),
  ])
  const offered = data?.actions.filter(({ action }) => !spoken.has(action)).slice(0, ACTIONS_SHOWN)
  const mayNote = desk !== undefined && may('engage.inbound:respond') && actor === null && desk.tellable.length > 0
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
      {desk && actors.length > 0 ? <WhoIsHere actors={actors} actor={actor} onActor={onActor} /> : null}
      {limit ? (
        <p className="know-line know-small">
          <Icon name="warn" size={14} className="ui-warn" /> {limit}
        </p>
      ) : null}
      {place?.outbound ? <p className="know-small ui-quiet know-line">{say('callSays')}</p> : null}
      {talk.trouble ? (
        <p role="alert" className="know-line">
          <Icon name="warn" size={14} className="ui-warn" /> {talk.trouble}
        </p>
      ) : null}
      <SaidNow told={told} preview={data} onAgain={talk.again} />
      {desk && may('engage.inbound:respond') ? (
        <Agreements customerId={customerId} channel={place?.channel} reason={reason} />
      ) : null}
      {held ? (
        <Saying
          key={held.shown.contactId}
          held={held}
          without={told.find((one) => one.held.shown.contactId === held.shown.contactId)?.answer}
          busy={talk.busy}
          onAnswer={(answer) => void talk.answer(held, answer)}
          onLeave={talk.leave}
        />
      ) : null}
      {desk && may('engage.inbound:respond') ? (
        <Calls customerId={customerId} saying={held?.shown.contactId} reason={reason} onNoted={talk.leave} />
      ) : null}
      {offered && data ? (
        <ol className="know-next">
          {offered.length > 0 ? (
            offered.map((action) => (
              <Offered
                key={action.action}
                action={action}
                preview={data}
                onWhy={() => setWhy(action.action)}
                {...(place && may('engage.inbound:respond')
                  ? { onSay: () => void talk.say(action), calls: place.outbound, busy: talk.busy || held !== null }
                  : {})}
              />
            ))
          ) : held && data.actions.length > 0 ? null : (
            <li className="know-next-nothing">
              <strong>{t('nothing')}</strong>
              <span className="ui-quiet">
                {data.actions.length > 0
                  ? say('nothing_more')
                  : (NOTHING[data.nothingBecause ?? ''] ?? data.nothingBecause)}
              </span>
            </li>
          )}
        </ol>
      ) : error ? (
        <p role="alert" className="know-line">
          <Icon name="bad" size={14} className="ui-bad" /> {error.message} {error.next}{' '}
          <Button variant="default" size="compact-xs" onClick={() => void preview.refetch()}>
            {t('again')}
          </Button>
        </p>
      ) : (
        <RowsComing rows={4} height={18} />
      )}
      {desk && data && !place && desk.placements.length > 0 ? (
        <p className="know-line know-small ui-quiet">{say('elsewhere', { channel: channelName(channel) })}</p>
      ) : null}
      <Questions
        questions={questions}
        tellable={mayNote ? desk.tellable.map(({ attribute }) => attribute) : []}
        onNote={setNoting}
      />
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
          {mayNote ? (
            <Button variant="subtle" size="compact-sm" onClick={() => setNoting('')}>
              {say('note')}
            </Button>
          ) : null}
        </div>
      ) : null}
      {data && why !== null ? <Why preview={data} action={why} facts={facts} onClose={() => setWhy(null)} /> : null}
      {mayNote && noting !== null ? (
        <NoteTold
          customerId={customerId}
          channel={channel}
          reason={reason}
          tellable={desk.tellable}
          attribute={noting}
          onClose={() => setNoting(null)}
        />
      ) : null}
    </Panel>
  )
}

function WhoIsHere({
  actors,
  actor,
  onActor,
}: {
  actors: readonly Actor[]
  actor: Actor | null
  onActor: (actor: Actor | null) => void
}) {
  const keyOf = ({ customerId, role }: Actor): string => `${role} ${customerId}`
  return (
    <div className="know-who">
      <Select
        size="xs"
        label={say('who')}
        data={[
          { value: '', label: say('themselves') },
          ...actors.map((one) => ({
            value: keyOf(one),
            label: say('acting', { name: one.name ?? t('someoneElse'), role: one.role }),
          })),
        ]}
        value={actor ? keyOf(actor) : ''}
        onChange={(chosen) => onActor(actors.find((one) => keyOf(one) === chosen) ?? null)}
        allowDeselect={false}
        comboboxProps={{ transitionProps: { duration: 80 } }}
      />
      {actor ? <p className="know-line know-small ui-quiet">{say('nobodySoldTo')}</p> : null}
    </div>
  )
}

/** What to ask, with the way to note the answer where an attribute waits to hear it. */
function Questions({
  questions,
  tellable,
  onNote,
}: {
  questions: readonly Question[]
  tellable: readonly string[]
  onNote: (attribute: string) => void
}) {
  if (questions.length === 0) return null
  return (
    <div className="know-ask">
      <h3>{t('ask')}</h3>
      <ul>
        {questions.map(({ fact, actions }) => {
          const title = fact.title.replace(/ (on|since|by)$/, '')
          return (
            <li key={fact.id} title={fact.meaning}>
              <strong>{title}</strong> <span className="ui-quiet">{t('askFor', { actions: actions.join(', ') })}</span>{' '}
              {tellable.includes(fact.id) ? (
                <button
                  type="button"
                  className="ui-asks know-small"
                  aria-label={say('noteOf', { title })}
                  onClick={() => onNote(fact.id)}
                >
                  {say('noteShort')}
                </button>
              ) : null}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function Offered({
  action,
  preview,
  onWhy,
  onSay,
  calls = false,
  busy = false,
}: {
  action: Action
  preview: Preview
  onWhy: () => void
  /** Where one may say it here. */
  onSay?: () => void
  /** Saying it is calling them. */
  calls?: boolean
  busy?: boolean
}) {
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
        {onSay ? (
          <Button
            variant="light"
            size="compact-xs"
            aria-label={say(calls ? 'callNowOf' : 'sayOf', { title: action.title })}
            disabled={busy}
            onClick={onSay}
          >
            {say(calls ? 'callNow' : 'say')}
          </Button>
        ) : null}
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
