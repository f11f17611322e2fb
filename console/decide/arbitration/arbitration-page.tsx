import { Tabs } from '@mantine/core'
import { useMemo } from 'react'
import type { ArbitrationDocument, PropensitiesReply } from '#decide/arbitration/contract'
import type { CatalogueReply } from '#decide/propositions/contract'
import { useAsk } from '../../shell/api.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { day, number, percent } from '../../ui/format.ts'
import { Facts } from '../../ui/inspector.tsx'
import { Figure, Page, Panel } from '../../ui/page.tsx'
import { Empty, Shown } from '../../ui/state.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { None, Percent, Value } from '../../ui/values.tsx'
import './arbitration.css'
import { Calibration } from './calibration.tsx'
import * as endpoints from './endpoints.ts'
import { Learning } from './learning.tsx'
import { readable, t } from './words.ts'

interface Line {
  readonly of: PropensitiesReply['propensities'][number]
  readonly action: string
  readonly treatment: string
  readonly channel: string
}

const KINDS = 'arbitration,issue,group,action,treatment,channel'

const columns: Column<Line>[] = [
  { id: 'action', title: t('action'), value: ({ action }) => action, width: 'minmax(100px, 2fr)' },
  {
    id: 'treatment',
    title: t('treatment'),
    value: ({ treatment }) => treatment,
    width: 'minmax(140px, 2fr)',
    narrow: false,
  },
  { id: 'channel', title: t('channel'), value: ({ channel }) => channel, width: 'minmax(88px, 1fr)' },
  {
    id: 'seen',
    title: t('seen'),
    value: ({ of }) => of.offered,
    show: ({ of: { offered } }) => <Value value={offered} />,
    width: 120,
    align: 'end',
    narrow: false,
  },
  {
    id: 'accepted',
    title: t('accepted'),
    value: ({ of }) => of.accepted,
    show: ({ of: { accepted } }) => <Value value={accepted} />,
    width: 100,
    align: 'end',
    narrow: false,
  },
  {
    id: 'share',
    title: t('share'),
    value: ({ of: { offered, accepted } }) => (offered > 0 ? accepted / offered : null),
    show: ({ of: { offered, accepted } }) =>
      offered > 0 ? <Percent share={accepted / offered} base={offered} /> : <None />,
    width: 140,
    align: 'end',
  },
]

/** What people call a document of the playbook; one that it no longer holds is called by its id. */
function titlesOf(documents: CatalogueReply['documents']): (kind: string, id: string) => string {
  const titles = new Map(documents.map(({ kind, id, title }) => [`${kind} ${id}`, title]))
  return (kind, id) => titles.get(`${kind} ${id}`) ?? readable(id)
}

const SCORE = [
  'propensity',
  'bank_value_minor',
  'customer_value_minor',
  'cost_minor',
  'context_weight',
  'lever',
] as const

/** The formula with its names explained, the weights of the moment, and the levers that people set. */
function Order({
  arbitration,
  documents,
}: {
  arbitration: ArbitrationDocument
  documents: CatalogueReply['documents']
}) {
  const weights = arbitration.contextWeights ?? []
  const titles = titlesOf(documents)
  const levers = documents.filter(({ lever }) => typeof lever === 'number' && lever !== 1)
  return (
    <div className="order">
      <div className="order-column">
        <Panel title={t('formula')}>
          <p className="quiet-line">{t('formulaSays')}</p>
          <code className="rule">{arbitration.formula}</code>
          <Facts
            facts={SCORE.filter((name) => arbitration.formula.includes(`score.${name}`)).map((name) => [
              `score.${name}`,
              t(name),
            ])}
          />
        </Panel>
        <Panel title={t('levers')}>
          <p className="quiet-line">{levers.length === 0 ? t('noLevers') : t('leversSays')}</p>
          {levers.length === 0 ? null : (
            <Facts
              facts={levers.map(({ kind, title, lever }) => [
                `${title} (${readable(kind).toLowerCase()})`,
                `× ${number(lever as number, 2)}`,
              ])}
            />
          )}
        </Panel>
      </div>
      <Panel title={t('weights')}>
        <p className="quiet-line">{weights.length === 0 ? t('noWeights') : t('weightsSays')}</p>
        <ul className="weights">
          {weights.map((one) => (
            <li key={one.id}>
              <span className="weight-head">
                <strong>{one.title ?? readable(one.id)}</strong>
                <span>× {number(one.weight, 2)}</span>
              </span>
              <code className="rule">{one.when}</code>
              <span className="ui-quiet">
                {t('weighs')}{' '}
                {[
                  ...(one.issues ?? []).map((id) => titles('issue', id)),
                  ...(one.groups ?? []).map((id) => titles('group', id)),
                  ...(one.actions ?? []).map((id) => titles('action', id)),
                  ...(one.classes ?? []).map((name) => t('ofClass', { name })),
                ].join(', ')}
              </span>
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  )
}

function CameTrue() {
  const found = useAsk(endpoints.calibration, { query: { daysMax: 90 } })
  return <Shown of={found}>{(reply) => <Calibration {...reply} />}</Shown>
}

/** In which order what may be said is said. For strategists and data scientists. */
export default function ArbitrationPage() {
  const [part, setPart] = useUrlState('part', 'order', { opens: true })
  const found = useAsk(endpoints.documents, { query: { kinds: KINDS } })
  const learned = useAsk(endpoints.propensities, {})
  const learning = useAsk(endpoints.learning, { query: { daysMax: 120 } })
  const lines = learned.data?.propensities
  const rows = useMemo(() => {
    const titles = titlesOf(found.data?.documents ?? [])
    return lines?.map(
      (of): Line => ({
        of,
        action: titles('action', of.action),
        treatment: titles('treatment', of.treatment),
        channel: titles('channel', of.channel),
      }),
    )
  }, [lines, found.data])
  const sums = useMemo(
    () => ({
      offered: (lines ?? []).reduce((sum, line) => sum + line.offered, 0),
      accepted: (lines ?? []).reduce((sum, line) => sum + line.accepted, 0),
    }),
    [lines],
  )
  const arbitration = found.data?.documents.find(({ kind }) => kind === 'arbitration') as unknown as
    | ArbitrationDocument
    | undefined
  const last = learning.data?.days.at(-1)
  const explores = arbitration?.exploration === 'thompson'
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      figures={
        <>
          <Figure
            title={t('seen')}
            value={number(sums.offered)}
            foot={t('learnedFoot', { count: lines?.length ?? 0 })}
            to="/decide/arbitration?part=learned&sort=-seen"
          />
          <Figure
            title={t('taken')}
            value={sums.offered > 0 ? percent(sums.accepted / sums.offered) : <None />}
            foot={t('ofSeen', { base: number(sums.offered) })}
            to="/decide/arbitration?part=learned&sort=-share"
          />
          <Figure title={t('learnedOn')} value={last ? day(last.on) : <None />} to="/decide/arbitration?part=time" />
          <Figure
            title={t('exploration')}
            value={arbitration ? explores ? t('thompson') : t('none') : <None />}
            foot={arbitration ? (explores ? t('thompsonFoot') : t('noneFoot')) : undefined}
          />
        </>
      }
    >
      <Tabs value={part} onChange={(next) => setPart(next ?? 'order')} keepMounted={false}>
        <Tabs.List aria-label={t('parts')} mb={16}>
          <Tabs.Tab value="order">{t('tabOrder')}</Tabs.Tab>
          <Tabs.Tab value="learned">{t('tabLearned')}</Tabs.Tab>
          <Tabs.Tab value="true">{t('tabTrue')}</Tabs.Tab>
          <Tabs.Tab value="time">{t('tabTime')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="order">
          <Shown of={found}>
            {({ documents }) =>
              arbitration ? (
                <Order arbitration={arbitration} documents={documents} />
              ) : (
                <Empty icon="scale" title={t('noPlaybookTitle')} sentence={t('noPlaybookSentence')} />
              )
            }
          </Shown>
        </Tabs.Panel>
        <Tabs.Panel value="learned">
          {arbitration ? <p className="quiet-line">{t('prior', { count: arbitration.priorOffers })}</p> : null}
          <DataTable
            name="propensities"
            title={t('learnedTitle')}
            columns={columns}
            rows={rows}
            rowId={({ of }) => `${of.treatment}.${of.channel}`}
            error={learned.error}
            onAgain={() => void learned.refetch()}
            open={({ of }) => `/decide/propositions/actions/${of.action}?part=worth`}
            sortedBy="-seen"
            empty={{ title: t('emptyTitle'), sentence: t('emptySentence') }}
          />
        </Tabs.Panel>
        <Tabs.Panel value="true">
          <CameTrue />
        </Tabs.Panel>
        <Tabs.Panel value="time">
          <Shown of={learning}>{({ days }) => <Learning days={days} />}</Shown>
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
