import { Button, Group, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import type { ConsentOverview } from '#trust/consents/contract'
import { useAsk } from '../../shell/api.ts'
import { Choose, useMayChoose } from '../../shell/choose.tsx'
import { useMay } from '../../shell/session.tsx'
import { Chart } from '../../ui/chart.tsx'
import { Bars } from '../../ui/chart-bars.tsx'
import { Columns } from '../../ui/chart-columns.tsx'
import { ago, day, number, percent } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Figure, Page, Panel } from '../../ui/page.tsx'
import { Empty, Shown } from '../../ui/state.tsx'
import { humanised } from '../../ui/typed-value.tsx'
import * as endpoints from './endpoints.ts'
import { t } from './words.ts'

type Line = ConsentOverview['lines'][number]

const nameOf = ({ purpose, channel }: Pick<Line, 'purpose' | 'channel'>): string =>
  humanised(channel === 'all' ? t(purpose) : `${t(purpose)}, ${t(channel)}`)

const STATES = [
  ['given', 'given', 'good'],
  ['withdrawn', 'withdrawn', 'warn'],
  ['objected', 'objectedState', 'bad'],
  ['unsaid', 'unsaid', 'quiet'],
] as const

function Lines({ overview }: { overview: ConsentOverview }) {
  const { lines, customers } = overview
  const given = (channel: string) => number(lines.find((line) => line.channel === channel)?.given ?? 0)
  return (
    <Chart
      title={t('byLine')}
      says={t('byLineSays', { email: given('email'), call: given('call'), customers: number(customers) })}
      height={320}
      table={{
        columns: [t('of'), ...STATES.map(([, word]) => t(word))],
        rows: lines.map((line) => [
          nameOf(line),
          ...STATES.map(([state]) => `${number(line[state])} (${percent(customers ? line[state] / customers : 0, 0)})`),
        ]),
      }}
    >
      <Bars
        label={t('byLine')}
        names={lines.map(nameOf)}
        most={customers}
        // Every bar is all customers: what differs is how many of them said yes.
        ends={lines.map(({ given }) => percent(customers ? given / customers : 0, 0))}
        series={STATES.map(([state, word, colour]) => ({
          name: t(word),
          colour,
          faint: state === 'unsaid',
          values: lines.map((line) => line[state]),
        }))}
      />
    </Chart>
  )
}

function Days({ days }: Pick<ConsentOverview, 'days'>) {
  const sum = (state: 'given' | 'withdrawn' | 'objected') => days.reduce((total, one) => total + one[state], 0)
  return (
    <Chart
      title={t('days')}
      says={t('daysSays', {
        given: number(sum('given')),
        withdrawn: number(sum('withdrawn')),
        objected: number(sum('objected')),
      })}
      height={220}
      table={{
        columns: [t('day'), t('given'), t('withdrawn'), t('objectedState')],
        rows: days
          .filter((one) => one.given + one.withdrawn + one.objected > 0)
          .map((one) => [day(one.day), number(one.given), number(one.withdrawn), number(one.objected)]),
      }}
    >
      <Columns
        label={t('days')}
        height={160}
        names={days.map((one) => day(one.day))}
        series={STATES.slice(0, 3).map(([state, word, colour]) => ({
          name: t(word),
          colour,
          values: days.map((one) => one[state as 'given']),
        }))}
      />
    </Chart>
  )
}

function FindCustomer() {
  const navigate = useNavigate()
  const mayChoose = useMayChoose('customer')
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const id = String(new FormData(event.currentTarget).get('customer')).trim()
    if (/^\d+$/.test(id)) void navigate({ to: `/trust/consents/${id}` })
  }
  return (
    <Panel title={t('find')}>
      <form onSubmit={submit}>
        <p className="ui-quiet" style={{ margin: '0 0 12px' }}>
          {t('findSays')}
        </p>
        <Group gap={12} align="flex-end">
          {mayChoose ? (
            <Choose
              what="customer"
              label={t('byName')}
              hint={t('byNameHint')}
              chosen={null}
              onChoose={(one) => one && void navigate({ to: `/trust/consents/${one.id}` })}
            />
          ) : null}
          <TextInput
            name="customer"
            label={t('number')}
            inputMode="numeric"
            pattern="\d+"
            required
            withAsterisk={false}
            w="min(200px, 100%)"
          />
          <Button type="submit" variant="default">
            {t('open')}
          </Button>
        </Group>
      </form>
    </Panel>
  )
}

/** How the base stands to the use of its data. For the data protection officer and the board. */
export default function ConsentsPage() {
  const may = useMay()
  const mayCount = may('trust.consents:count')
  const overview = useAsk(endpoints.overview, {}, { enabled: mayCount, refetchInterval: 60_000 })
  const marketing = overview.data?.lines.find(({ purpose, channel }) => purpose === 'marketing' && channel === 'all')
  const refused = marketing && marketing.withdrawn + marketing.objected
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      action={
        may('trust.consents:export') ? (
          <Button
            component="a"
            href={endpoints.exported}
            download="consents.csv"
            variant="default"
            leftSection={<Icon name="download" />}
          >
            {t('export')}
          </Button>
        ) : undefined
      }
      figures={
        mayCount ? (
          <>
            <Figure
              title={t('customers')}
              value={overview.data ? number(overview.data.customers) : '–'}
              foot={overview.data ? t('asOf', { ago: ago(new Date(overview.data.asOf)) }) : t('customersFoot')}
            />
            <Figure
              title={t('objected')}
              value={refused === undefined ? '–' : number(refused)}
              foot={
                refused !== undefined && overview.data && overview.data.customers > 0
                  ? `${percent(refused / overview.data.customers)}, ${t('objectedFoot')}`
                  : t('objectedFoot')
              }
            />
          </>
        ) : undefined
      }
    >
      {may('trust.consents:read') ? <FindCustomer /> : null}
      {mayCount ? (
        <Shown of={overview}>
          {(found) =>
            found.customers === 0 ? (
              <Empty icon="consent" title={t('noneTitle')} sentence={t('noneSentence')} />
            ) : (
              <>
                <Lines overview={found} />
                <Days days={found.days} />
              </>
            )
          }
        </Shown>
      ) : null}
    </Page>
  )
}
