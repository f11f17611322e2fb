import { SegmentedControl, Select, Tabs } from '@mantine/core'
import { useMemo } from 'react'
import type { AcceptanceQuery } from '#learn/outcomes/contract'
import { useAsk } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { day, now, number, percent } from '../../ui/format.ts'
import { Figure, Page } from '../../ui/page.tsx'
import { Shown } from '../../ui/state.tsx'
import { humanised } from '../../ui/typed-value.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { None } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import { toldApart } from './figures.ts'
import { Lift } from './lift.tsx'
import './outcomes.css'
import { OverTime } from './over-time.tsx'
import { isOver, type Step } from './steps.ts'
import { TakenUp } from './taken.tsx'
import { t } from './words.ts'

type By = AcceptanceQuery['by']
const BYS: { value: By; label: string }[] = [
  { value: 'action', label: t('by_action') },
  { value: 'channel', label: t('by_channel') },
  { value: 'group', label: t('by_group') },
  { value: 'class', label: t('by_class') },
  { value: 'treatment', label: t('by_treatment') },
  { value: 'segment', label: t('by_segment') },
]
const DAY_MS = 86_400_000
/** How often it is asked again while somebody looks on. */
const WATCHED_MS = 15_000

/** What contact changed and what was taken up, with intervals. For the board as for the campaign manager. */
export default function OutcomesPage() {
  const may = useMay()
  const [part, setPart] = useUrlState('part', 'lift', { opens: true })
  const [action, setAction] = useUrlState('action')
  const [channel, setChannel] = useUrlState('channel')
  const [by, setBy] = useUrlState('by', 'action')
  const [days, setDays] = useUrlState('days', '90')
  const [step, setStep] = useUrlState('step', 'week')
  const from = useMemo(
    () => new Date(now().getTime() - (Number(days) || 90) * DAY_MS).toISOString().slice(0, 10),
    [days],
  )
  const filter = { ...(action ? { action } : {}), ...(channel ? { channel } : {}) }
  const lift = useAsk(endpoints.lift, { query: filter }, { keep: true, refetchInterval: WATCHED_MS })
  const byName = BYS.find(({ value }) => value === by) ?? BYS[0]!
  const taken = useAsk(
    endpoints.acceptance,
    { query: { by: byName.value, from, ...filter } },
    { keep: true, refetchInterval: WATCHED_MS },
  )
  const perAction = useAsk(endpoints.acceptance, { query: { by: 'action', from, ...filter } }, { keep: true })
  const perWeek = useAsk(endpoints.acceptance, { query: { by: 'week', from, ...filter } }, { keep: true })
  const perChannel = useAsk(endpoints.acceptance, { query: { by: 'channel', from } })
  const known = useAsk(endpoints.actions, {}, { enabled: may('decide.propositions:read') })

  const titles = useMemo(() => {
    const found = new Map<string, string>()
    for (const line of lift.data?.lines ?? []) found.set(line.action, line.actionTitle)
    for (const line of perAction.data?.lines ?? []) found.set(line.key, line.title)
    for (const one of known.data?.actions ?? []) found.set(one.action, one.title)
    return found
  }, [lift.data, perAction.data, known.data])
  const titleOf = (id: string): string => titles.get(id) ?? humanised(id)
  const toAction = (id: string): string | undefined =>
    may('decide.propositions:read') ? `/decide/propositions/actions/${id}?part=outcome` : undefined

  const seen = perAction.data?.lines.reduce((sum, line) => sum + line.seen, 0)
  const accepted = perAction.data?.lines.reduce((sum, line) => sum + line.accepted, 0)
  const lines = lift.data?.lines ?? []
  // The first week is cut where the period begins.
  const weeks = perWeek.data?.lines.filter(({ key }) => key >= from && isOver(key, 'week')) ?? []
  const [before, latest] = weeks.slice(-2)
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      figures={
        <>
          <Figure
            title={t('seen')}
            value={seen === undefined ? <None /> : number(seen)}
            line={weeks.map((week) => week.seen)}
            foot={t('seenFoot', { day: day(from) })}
            to="/learn/outcomes?part=taken&by=channel"
          />
          <Figure
            title={t('taken')}
            value={!seen || accepted === undefined ? <None /> : percent(accepted / seen)}
            line={weeks.map((week) => week.rate ?? 0)}
            digits={1}
            {...(before?.rate != null && latest?.rate != null
              ? { change: (latest.rate - before.rate) * 100, since: t('lastWeek', { base: number(seen ?? 0) }) }
              : { foot: t('ofSeen', { base: number(seen ?? 0) }) })}
            to="/learn/outcomes?part=taken"
          />
          <Figure
            title={t('proven')}
            value={lift.data ? number(lines.filter(({ proven }) => proven).length) : <None />}
            foot={lift.data ? t('provenFoot', { count: lines.length }) : undefined}
            to="/learn/outcomes"
          />
          <Figure
            title={t('maturing')}
            value={lift.data ? number(lines.reduce((sum, line) => sum + line.maturing, 0)) : <None />}
            foot={t('maturingFoot')}
            to="/learn/outcomes?sort=-maturing"
          />
        </>
      }
    >
      <div className="outcome-filters">
        <Select
          label={t('action')}
          placeholder={t('anyAction')}
          searchable
          clearable
          data={[...titles].map(([value, label]) => ({ value, label })).sort((a, b) => a.label.localeCompare(b.label))}
          value={action === '' ? null : action}
          onChange={(next) => setAction(next ?? '')}
        />
        <Select
          label={t('channel')}
          placeholder={t('anyChannel')}
          clearable
          data={(perChannel.data?.lines ?? []).map(({ key, title }) => ({ value: key, label: title }))}
          value={channel === '' ? null : channel}
          onChange={(next) => setChannel(next ?? '')}
        />
        <SegmentedControl
          aria-label={t('period')}
          value={days}
          onChange={setDays}
          data={[
            { value: '30', label: t('p30') },
            { value: '90', label: t('p90') },
            { value: '365', label: t('p365') },
          ]}
        />
      </div>
      <Tabs value={part} onChange={(next) => setPart(next ?? 'lift')} keepMounted={false}>
        <Tabs.List aria-label={t('parts')} mb={16}>
          <Tabs.Tab value="lift">{t('tabLift')}</Tabs.Tab>
          <Tabs.Tab value="taken">{t('tabTaken')}</Tabs.Tab>
          <Tabs.Tab value="time">{t('tabTime')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="lift" className="outcome-part">
          <Shown of={lift}>{(data) => <Lift lines={data.lines} titleOf={titleOf} to={toAction} />}</Shown>
        </Tabs.Panel>
        <Tabs.Panel value="taken" className="outcome-part">
          <div className="outcome-by">
            <SegmentedControl
              aria-label={t('by')}
              value={byName.value}
              onChange={setBy}
              data={BYS.map(({ value, label }) => ({ value: value as string, label }))}
            />
          </div>
          <Shown of={taken}>
            {(reply) => (
              <TakenUp
                reply={reply}
                byName={byName.label}
                to={(key) =>
                  by === 'action'
                    ? toAction(key)
                    : by === 'segment'
                      ? may('know.segments:read')
                        ? `/know/segments/${key}`
                        : undefined
                      : undefined
                }
              />
            )}
          </Shown>
        </Tabs.Panel>
        <Tabs.Panel value="time" className="outcome-part">
          <SegmentedControl
            aria-label={t('step')}
            value={step}
            onChange={setStep}
            style={{ alignSelf: 'start' }}
            data={(['day', 'week', 'month'] as const).map((value) => ({ value: value as string, label: t(value) }))}
          />
          <OverTime
            step={(['day', 'week', 'month'].includes(step) ? step : 'week') as Step}
            from={from}
            action={action}
            channel={channel}
            surest={lift.data ? (toldApart(lines)[0]?.action ?? null) : undefined}
            titleOf={titleOf}
          />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
