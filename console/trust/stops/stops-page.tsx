import { Button, Title } from '@mantine/core'
import { useState } from 'react'
import './stops.css'
import { useAsk, useTell } from '../../shell/api.ts'
import { useSession } from '../../shell/session.tsx'
import { useNames, Who } from '../../shell/who.tsx'
import { ConfirmTyped } from '../../ui/confirm.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { ago } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Facts } from '../../ui/inspector.tsx'
import { Figure, Page, Panel } from '../../ui/page.tsx'
import { Empty, Shown } from '../../ui/state.tsx'
import { done, failed } from '../../ui/toast.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { Pill, When } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import { lastedOf, SCOPES, type Scope, type Stop, whatOf } from './stop.ts'
import { StopDialog } from './stop-dialog.tsx'
import { t } from './words.ts'

/** One stop in force, with what its reader may do about it. */
function InForce({ stop }: { stop: Stop }) {
  const { me, may } = useSession()
  const [asking, setAsking] = useState<'propose' | 'confirm' | null>(null)
  const nameOf = useNames([stop.stoppedBy, stop.restart?.proposedBy])
  const propose = useTell(endpoints.propose, { stale: [endpoints.stops] })
  const confirm = useTell(endpoints.confirm, { stale: [endpoints.stops] })
  const what = whatOf(stop)
  const params = { stopId: stop.stopId }
  const proposing = async (reason: string): Promise<void> => {
    await propose.mutateAsync({ params, body: { reason } }).then(() => done(t('proposedToast')), failed)
  }
  const confirming = async (): Promise<void> => {
    await confirm.mutateAsync({ params }).then(() => done(t('startedToast', { what })), failed)
  }
  const mine = stop.restart?.proposedBy === me.id
  return (
    <li className="stops-one">
      <div>
        <Title order={3}>
          <Icon name="stop" className="ui-bad" /> {what}
        </Title>
        <p>
          <bdi>{stop.reason}</bdi>
        </p>
        <p className="ui-quiet">
          <Who id={stop.stoppedBy} />, <When at={stop.stoppedAt} /> ({ago(new Date(stop.stoppedAt))})
        </p>
        {stop.restart ? (
          <p>
            <Pill tone="warn" icon="wait">
              {t('waiting')}
            </Pill>{' '}
            {t('awaits', { who: nameOf(stop.restart.proposedBy), reason: stop.restart.reason })}{' '}
            {mine ? t('youProposed') : null}
          </p>
        ) : null}
      </div>
      {!may('trust.stops:start') || mine ? null : stop.restart ? (
        <Button onClick={() => setAsking('confirm')}>{t('confirm')}</Button>
      ) : (
        <Button variant="default" onClick={() => setAsking('propose')}>
          {t('propose')}
        </Button>
      )}
      <ConfirmTyped
        opened={asking === 'propose'}
        onClose={() => setAsking(null)}
        title={t('propose')}
        action={t('proposeDo')}
        makes
        withReason
        onConfirm={proposing}
      >
        {t('proposeSays', { what })}
      </ConfirmTyped>
      <ConfirmTyped
        opened={asking === 'confirm'}
        onClose={() => setAsking(null)}
        title={t('confirm')}
        action={t('confirmDo')}
        makes
        onConfirm={confirming}
      >
        {t('confirmSays', { what, who: nameOf(stop.restart?.proposedBy), reason: stop.restart?.reason ?? '' })}
      </ConfirmTyped>
    </li>
  )
}

const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text)

/** What is stopped, stopping, and starting again. For whoever is on duty; everybody sees that something is stopped. */
export default function StopsPage() {
  const { may } = useSession()
  const stops = useAsk(endpoints.stops, { query: { all: true } }, { refetchInterval: 5000, staleTime: 1000 })
  const [scope, setScope] = useUrlState('stop')
  const [target] = useUrlState('target')
  const all = stops.data?.stops ?? []
  const inForce = all.filter(({ confirmedAt }) => confirmedAt === null)
  const over = stops.data && all.filter(({ confirmedAt }) => confirmedAt !== null)
  const nameOf = useNames(all.flatMap((stop) => [stop.stoppedBy, stop.confirmedBy, stop.restart?.proposedBy]))
  const columns: Column<Stop>[] = [
    { id: 'what', title: t('what'), value: whatOf, width: '2fr' },
    { id: 'why', title: t('why'), value: ({ reason }) => reason, width: '3fr', narrow: false },
    { id: 'by', title: t('by'), value: ({ stoppedBy }) => nameOf(stoppedBy), narrow: false },
    {
      id: 'at',
      title: t('at'),
      value: ({ stoppedAt }) => stoppedAt,
      show: (s) => <When at={s.stoppedAt} />,
      width: 170,
    },
    {
      id: 'started',
      title: t('started'),
      value: ({ confirmedAt }) => confirmedAt,
      show: (s) => <When at={s.confirmedAt} />,
      width: 170,
      narrow: false,
    },
    { id: 'lasted', title: t('lasted'), value: lastedOf, width: 90, narrow: false },
  ]
  const oldest = inForce.map(({ stoppedAt }) => stoppedAt).sort()[0]
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      action={
        may('trust.stops:stop') ? (
          <Button color="red" leftSection={<Icon name="stop" />} onClick={() => setScope('action')}>
            {t('stopSomething')}
          </Button>
        ) : undefined
      }
      figures={
        <>
          <Figure title={t('now')} value={stops.data ? inForce.length : '–'} foot={t('nowFoot')} />
          <Figure title={t('since')} value={oldest ? ago(new Date(oldest)) : '–'} />
          <Figure
            title={t('waiting')}
            value={stops.data ? inForce.filter(({ restart }) => restart !== null).length : '–'}
            foot={t('waitingFoot')}
          />
        </>
      }
    >
      <Panel title={t('inForce')}>
        <Shown of={stops}>
          {() =>
            inForce.length === 0 ? (
              <Empty icon="good" title={t('noneTitle')} sentence={t('noneSentence')} />
            ) : (
              <ul className="stops-now">
                {inForce.map((stop) => (
                  <InForce key={stop.stopId} stop={stop} />
                ))}
              </ul>
            )
          }
        </Shown>
      </Panel>
      <Title order={2}>{t('history')}</Title>
      <DataTable
        name="stops"
        title={t('history')}
        columns={columns}
        rows={over}
        rowId={({ stopId }) => stopId}
        error={stops.error}
        onAgain={() => void stops.refetch()}
        inspect={(stop) => (
          <Facts
            facts={[
              [t('what'), whatOf(stop)],
              [t('why'), <bdi key="why">{stop.reason}</bdi>],
              [t('by'), <Who key="by" id={stop.stoppedBy} />],
              [t('at'), <When key="at" at={stop.stoppedAt} />],
              [t('lasted'), lastedOf(stop)],
              [t('proposed'), <Who key="proposed" id={stop.restart?.proposedBy} />],
              [t('confirmed'), <Who key="confirmed" id={stop.confirmedBy} />],
              [t('started'), <When key="started" at={stop.confirmedAt} />],
            ]}
          />
        )}
        inspectTitle={whatOf}
        sortedBy="-at"
        empty={{ title: t('noHistoryTitle'), sentence: t('noHistorySentence') }}
      />
      {may('trust.stops:stop') && isScope(scope) ? (
        <StopDialog first={{ scope, target }} onClose={() => setScope('')} />
      ) : null}
    </Page>
  )
}
