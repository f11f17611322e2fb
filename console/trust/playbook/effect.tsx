import { Button, Group, Progress, Select, Stack } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { Static } from 'typebox'
import type { EffectReply, EffectState } from '#trust/playbook/contract'
import { useAsk, useTell } from '../../shell/api.ts'
import { Chart, PlainTable } from '../../ui/chart.tsx'
import { Flows } from '../../ui/chart-flows.tsx'
import { number, percent } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import { failed } from '../../ui/toast.tsx'
import { humanised } from '../../ui/typed-value.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import * as endpoints from './endpoints.ts'
import { t } from './words.ts'

type Effect = Static<typeof EffectReply>
type State = Static<typeof EffectState>
type Flow = NonNullable<Effect['flows']>[number]

const isOver = (state: State['state'] | undefined): boolean =>
  state === 'done' || state === 'failed' || state === 'cancelled'
const SHOWN_AT_MOST = 14

/** Flows of one channel or all, the smaller ones gathered so that the picture stays readable. */
function flowsOf(flows: readonly Flow[], where: string): Flow[] {
  const sums = new Map<string, Flow>()
  for (const flow of flows) {
    if (where !== '' && flow.where !== where) continue
    const key = `${flow.before}\u0001${flow.after}`
    const known = sums.get(key)
    sums.set(key, known ? { ...known, count: known.count + flow.count } : { ...flow })
  }
  return [...sums.values()].sort((a, b) => b.count - a.count)
}

/** A sentence of the server with its counts written as people write them. */
const grouped = (text: string): string => text.replace(/\d{4,}/g, (digits) => number(Number(digits)))

/** 'contact_centre: because' begins with the channel as people call it. */
const begun = (text: string): string => text.replace(/^\w+(?=:)/, humanised)

/** Text with the titles of actions in place of their ids. */
function withTitles({ flows = [] }: Effect): (text: string) => string {
  const titles = new Map(
    (flows ?? []).flatMap((one) => [[one.before, one.beforeTitle] as const, [one.after, one.afterTitle] as const]),
  )
  return (text) => text.replace(/[a-z][a-z0-9_]*/g, (word) => titles.get(word) ?? word)
}

function Moves({ effect }: { effect: Effect }) {
  const [where, setWhere] = useState('')
  const all = effect.flows ?? []
  const channels = [...new Set(all.map((flow) => flow.where))].sort()
  const flows = useMemo(() => flowsOf(all, where), [all, where])
  const moving = flows.filter(({ before, after }) => before !== after)
  const moved = moving.reduce((sum, { count }) => sum + count, 0)
  const total = flows.reduce((sum, { count }) => sum + count, 0)
  // Beside all who stay, those who move would be a hair's breadth.
  const drawn = (moving.length > 0 ? moving : flows).slice(0, SHOWN_AT_MOST)
  const height = Math.max(220, Math.min(520, drawn.length * 34))
  const places = [
    ...new Map(
      drawn.map((one) => [`b ${one.before}`, { id: `b ${one.before}`, at: 0, name: one.beforeTitle }]),
    ).values(),
    ...new Map(drawn.map((one) => [`a ${one.after}`, { id: `a ${one.after}`, at: 1, name: one.afterTitle }])).values(),
  ]
  if (all.length === 0) return null
  return (
    <Chart
      title={t('effectOf')}
      says={
        moved === 0
          ? t('effectNothing')
          : t('effectMoves', {
              moved: number(moved),
              total: number(total),
              share: percent(moved / total),
              most: moving
                .slice(0, 3)
                .map((flow) => `${flow.beforeTitle} → ${flow.afterTitle} (${number(flow.count)})`)
                .join(', '),
            })
      }
      height={height}
      table={{
        columns: [t('today'), t('withDraft'), t('customers')],
        rows: flows
          .slice(0, 200)
          .map((flow) => [
            flow.beforeTitle,
            flow.before === flow.after ? t('stays') : flow.afterTitle,
            number(flow.count),
          ]),
      }}
      aside={
        channels.length > 1 ? (
          <Select
            size="xs"
            aria-label={t('channel')}
            data={[
              { value: '', label: t('allChannels') },
              ...channels.map((each) => ({ value: each, label: humanised(each) })),
            ]}
            value={where}
            onChange={(value) => setWhere(value ?? '')}
            allowDeselect={false}
            w={150}
          />
        ) : undefined
      }
    >
      <Flows
        label={t('customers')}
        height={height}
        places={places}
        flows={drawn.map((one) => ({
          from: `b ${one.before}`,
          to: `a ${one.after}`,
          value: one.count,
          says: `${one.beforeTitle} → ${one.afterTitle}`,
          colour: one.before === one.after ? 'quiet' : 'accent',
          faint: one.before === one.after,
        }))}
      />
    </Chart>
  )
}

/** What going from what runs to the draft would do, customer by customer: asked for, followed, and stopped when one likes. */
export function EffectOfDraft({ draftId, revision, sound }: { draftId: string; revision: string; sound: boolean }) {
  const [effectId, setEffectId] = useUrlState('effect')
  const ask = useTell(endpoints.askEffect)
  const cancel = useTell(endpoints.cancelEffect, { stale: [endpoints.effect] })
  const found = useAsk(endpoints.effect, { params: { draftId, effectId } }, {
    enabled: effectId !== '',
    staleTime: 0,
    refetchInterval: (query: { state: { data?: State | undefined } }) =>
      isOver(query.state.data?.state) || query.state.data === undefined ? (query.state.data ? false : 500) : 500,
  } as never)
  const begin = (whole: boolean): void =>
    void ask
      .mutateAsync({ params: { draftId }, body: whole ? { whole } : {} })
      .then((reply) => setEffectId(reply.effectId), failed)
  const state = found.data
  const going = effectId !== '' && state !== undefined && !isOver(state.state)
  const share = state?.total ? (state.done / state.total) * 100 : 0
  const buttons = (
    <Group gap={8}>
      <Button variant="default" disabled={!sound} loading={ask.isPending} onClick={() => begin(false)}>
        {t('effectSample')}
      </Button>
      <Button variant="default" disabled={!sound} loading={ask.isPending} onClick={() => begin(true)}>
        {t('effectWhole')}
      </Button>
    </Group>
  )
  return (
    <>
      <Panel title={t('effect')} aside={going ? null : buttons}>
        <Stack gap={8} className="playbook-panel">
          <p className="ui-quiet">{t('effectSays')}</p>
          {going ? (
            <>
              <Group justify="space-between" gap={8}>
                <span role="status">
                  {state.state === 'waiting'
                    ? t('effectWaiting')
                    : state.total === null
                      ? t('effectProgressLater', { done: number(state.done) })
                      : t('effectProgress', { done: number(state.done), total: number(state.total) })}
                  {state.secondsLeft === null || state.secondsLeft < 1
                    ? null
                    : `, ${t('effectLeft', { seconds: state.secondsLeft })}`}
                </span>
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => void cancel.mutateAsync({ params: { draftId, effectId } }).catch(failed)}
                >
                  {t('effectCancel')}
                </Button>
              </Group>
              <Progress value={share} aria-label={t('effectRunning')} />
            </>
          ) : null}
          {state?.state === 'cancelled' ? <p role="status">{t('effectCancelled')}</p> : null}
          {state?.state === 'failed' || found.error ? (
            <p role="alert" className="ui-bad">
              {found.error?.message ?? t('effectFailed')}
            </p>
          ) : null}
          {state?.state === 'done' && state.revision !== null && state.revision !== revision ? (
            <p className="playbook-notice">
              <Icon name="warn" className="ui-warn" /> {t('effectOld')}
            </p>
          ) : null}
          {state?.state === 'done' ? (
            <ul className="playbook-rows" aria-label={t('effect')}>
              {(state.effects ?? []).map(({ name, text }) => (
                <li key={name}>
                  <strong>{grouped(text)}</strong>
                </li>
              ))}
            </ul>
          ) : null}
        </Stack>
      </Panel>
      {state?.state === 'done'
        ? (state.effects ?? []).map((effect) => (
            <Stack key={effect.name} gap={16}>
              <Moves effect={effect} />
              {effect.examples && effect.examples.length > 0 ? (
                <Panel title={t('moves')}>
                  <PlainTable
                    title={t('movesTable')}
                    columns={[t('move'), t('customers')]}
                    rows={effect.examples.map((each) => {
                      const say = withTitles(effect)
                      return [
                        <span key="move">
                          {say(each.before)} → <strong>{say(each.after)}</strong>
                          <br />
                          <span className="ui-quiet">{begun(say(each.what))}</span>
                        </span>,
                        number(each.count),
                      ]
                    })}
                    maxHeight={320}
                  />
                </Panel>
              ) : null}
            </Stack>
          ))
        : null}
    </>
  )
}
