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
import * as endpoints from './endpoints.ts'
import { Learning } from './learning.tsx'
import { readable, t } from './words.ts'

type Line = PropensitiesReply['propensities'][number]

const KINDS = 'arbitration,issue,group,action,treatment'

const columns: Column<Line>[] = [
  { id: 'action', title: t('action'), value: ({ action }) => readable(action) },
  { id: 'treatment', title: t('treatment'), value: ({ treatment }) => readable(treatment), narrow: false },
  { id: 'channel', title: t('channel'), value: ({ channel }) => readable(channel), width: 150 },
  {
    id: 'seen',
    title: t('seen'),
    value: ({ offered }) => offered,
    show: ({ offered }) => <Value value={offered} />,
    width: 120,
    align: 'end',
    narrow: false,
  },
  {
    id: 'accepted',
    title: t('accepted'),
    value: ({ accepted }) => accepted,
    show: ({ accepted }) => <Value value={accepted} />,
    width: 100,
    align: 'end',
    narrow: false,
  },
  {
    id: 'share',
    title: t('share'),
    value: ({ offered, accepted }) => (offered > 0 ? accepted / offered : null),
    show: ({ offered, accepted }) => (offered > 0 ? <Percent share={accepted / offered} base={offered} /> : <None />),
    width: 150,
    align: 'end',
  },
]

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
  const levers = documents.filter(({ lever }) => typeof lever === 'number' && lever !== 1)
  return (
    <div className="order">
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
                {[one.issues, one.groups, one.actions, one.classes]
                  .flatMap((ids) => ids ?? [])
                  .map(readable)
                  .join(', ')}
              </span>
            </li>
          ))}
        </ul>
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
  )
}

/** In which order what may be said is said. For strategists and data scientists. */
export default function ArbitrationPage() {
  const [part, setPart] = useUrlState('part', 'order')
  const found = useAsk(endpoints.documents, { query: { kinds: KINDS } })
  const learned = useAsk(endpoints.propensities, {})
  const learning = useAsk(endpoints.learning, { query: { daysMax: 120 } })
  const lines = learned.data?.propensities
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
            rows={lines}
            rowId={({ treatment, channel }) => `${treatment}.${channel}`}
            error={learned.error}
            onAgain={() => void learned.refetch()}
            open={({ action }) => `/decide/propositions/actions/${action}?part=worth`}
            sortedBy="-seen"
            empty={{ title: t('emptyTitle'), sentence: t('emptySentence') }}
          />
        </Tabs.Panel>
        <Tabs.Panel value="time">
          <Shown of={learning}>{({ days }) => <Learning days={days} />}</Shown>
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
