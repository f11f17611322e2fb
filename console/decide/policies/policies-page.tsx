import { Tabs } from '@mantine/core'
import { useMemo } from 'react'
import type { Cap, PolicyDocument, Rest } from '#decide/policies/contract'
import { useAsk } from '../../shell/api.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { number } from '../../ui/format.ts'
import { Figure, Page } from '../../ui/page.tsx'
import { Empty, Shown } from '../../ui/state.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import * as endpoints from './endpoints.ts'
import { Hours } from './hours.tsx'
import { clauseCount, KINDS, type Matrix, matrixOf, type TitleOf } from './matrix.ts'
import { MatrixTable } from './matrix-table.tsx'
import './policies.css'
import { capCounts, capEach, capLimit, capPer, capTitle, restAfter, restLong, restTitle, restWhat } from './rules.tsx'
import { t } from './words.ts'

const holdsFor = ({ appliesTo }: PolicyDocument, titleOf: TitleOf): string =>
  [
    ...(appliesTo.issues ?? []).map((id) => titleOf('issue', id)),
    ...(appliesTo.groups ?? []).map((id) => titleOf('group', id)),
    ...(appliesTo.actions ?? []).map((id) => titleOf('action', id)),
    ...(appliesTo.treatments ?? []).map((id) => titleOf('treatment', id)),
  ].join(', ')

const policyColumns = (titleOf: TitleOf): Column<PolicyDocument>[] => [
  { id: 'policy', title: t('policy'), value: ({ title }) => title },
  { id: 'for', title: t('appliesTo'), value: (policy) => holdsFor(policy, titleOf), narrow: false },
  {
    id: 'eligibility',
    title: t('eligibility'),
    value: ({ eligibility = [] }) => eligibility.length,
    width: 100,
    align: 'end',
    narrow: false,
  },
  {
    id: 'applicability',
    title: t('applicability'),
    value: ({ applicability = [] }) => applicability.length,
    width: 130,
    align: 'end',
    narrow: false,
  },
  {
    id: 'suitability',
    title: t('suitability'),
    value: ({ suitability = [] }) => suitability.length,
    width: 130,
    align: 'end',
    narrow: false,
  },
]
const capColumns = (titleOf: TitleOf): Column<Cap>[] => [
  { id: 'cap', title: t('cap'), value: capTitle },
  { id: 'most', title: t('atMost'), value: capLimit, width: 150 },
  { id: 'per', title: t('per'), value: capPer, width: 120, narrow: false },
  { id: 'each', title: t('each'), value: capEach, width: 140, narrow: false },
  { id: 'counts', title: t('counts'), value: (cap) => capCounts(cap, titleOf), narrow: false },
]
const restColumns: Column<Rest>[] = [
  { id: 'rest', title: t('rest'), value: restTitle },
  { id: 'after', title: t('after'), value: restAfter, narrow: false },
  { id: 'what', title: t('what'), value: restWhat, width: 150, narrow: false },
  { id: 'long', title: t('howLong'), value: restLong, width: 200 },
]

/** A policy's clauses, by the question they answer. */
const PolicyDetails = ({ policy, titleOf }: { policy: PolicyDocument; titleOf: TitleOf }) => (
  <div className="cell-details">
    <p className="quiet-line">{holdsFor(policy, titleOf)}</p>
    {(['eligibility', 'applicability', 'suitability'] as const).map((stage) => {
      const clauses = policy[stage] ?? []
      if (clauses.length === 0) return null
      return (
        <section key={stage} aria-label={t(stage)}>
          <h3>{t(stage)}</h3>
          <ul className="clauses">
            {clauses.map((clause) => (
              <li key={clause.id}>
                <bdi>{clause.title}</bdi>
                <code className="clause-rule">{'admits' in clause ? clause.admits : `!(${clause.excludes})`}</code>
              </li>
            ))}
          </ul>
        </section>
      )
    })}
  </div>
)

function HowOften({ matrix }: { matrix: Matrix }) {
  const { contact, titleOf } = matrix
  const columns = useMemo(() => capColumns(titleOf), [titleOf])
  if (!contact) return <Empty icon="policy" title={t('noContactTitle')} sentence={t('noContactSentence')} />
  const empty = { title: t('noContactTitle'), sentence: t('noContactSentence') }
  return (
    <div className="hours">
      <DataTable
        name="caps"
        prefix="c-"
        title={t('caps')}
        columns={columns}
        rows={contact.caps}
        rowId={({ id }) => id}
        empty={empty}
        height={420}
      />
      <DataTable
        name="rests"
        prefix="r-"
        title={t('rests')}
        columns={restColumns}
        rows={contact.rests}
        rowId={({ id }) => id}
        empty={empty}
        height={420}
      />
    </div>
  )
}

function Policies({ matrix }: { matrix: Matrix }) {
  const [part, setPart] = useUrlState('part', 'matrix', { opens: true })
  const columns = useMemo(() => policyColumns(matrix.titleOf), [matrix.titleOf])
  if (matrix.rows.length === 0) return <Empty icon="policy" title={t('emptyTitle')} sentence={t('emptySentence')} />
  return (
    <Tabs value={part} onChange={(next) => setPart(next ?? 'matrix')} keepMounted={false}>
      <Tabs.List aria-label={t('parts')} mb={16}>
        <Tabs.Tab value="matrix">{t('tabMatrix')}</Tabs.Tab>
        <Tabs.Tab value="who">{t('tabPolicies')}</Tabs.Tab>
        <Tabs.Tab value="often">{t('tabContact')}</Tabs.Tab>
        <Tabs.Tab value="when">{t('tabHours')}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="matrix">
        <MatrixTable matrix={matrix} />
      </Tabs.Panel>
      <Tabs.Panel value="who">
        <DataTable
          name="policies"
          title={t('policies')}
          columns={columns}
          rows={matrix.policies}
          rowId={({ id }) => id}
          inspect={(policy) => <PolicyDetails policy={policy} titleOf={matrix.titleOf} />}
          inspectTitle={({ title }) => title}
          empty={{ title: t('emptyTitle'), sentence: t('emptySentence') }}
        />
      </Tabs.Panel>
      <Tabs.Panel value="often">
        <HowOften matrix={matrix} />
      </Tabs.Panel>
      <Tabs.Panel value="when">
        <Hours contact={matrix.contact} titleOf={(id) => matrix.titleOf('channel', id)} />
      </Tabs.Panel>
    </Tabs>
  )
}

/** Which rule holds for which action on which channel. For whoever owns the rules, and whoever asks after one. */
export default function PoliciesPage() {
  const found = useAsk(endpoints.documents, { query: { kinds: KINDS } })
  const matrix = useMemo(() => (found.data ? matrixOf(found.data) : undefined), [found.data])
  const contact = matrix?.contact
  const open = new Set((contact?.openHours ?? []).flatMap(({ channels }) => channels))
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      figures={
        <>
          <Figure
            title={t('policies')}
            value={number(matrix?.policies.length ?? 0)}
            foot={t('policiesFoot', { count: matrix?.policies.reduce((sum, one) => sum + clauseCount(one), 0) ?? 0 })}
            to="/decide/policies?part=who"
          />
          <Figure
            title={t('caps')}
            value={number(contact?.caps.length ?? 0)}
            foot={t('capsFoot')}
            to="/decide/policies?part=often"
          />
          <Figure title={t('rests')} value={number(contact?.rests.length ?? 0)} to="/decide/policies?part=often" />
          <Figure
            title={t('hours')}
            value={number(contact?.openHours?.length ?? 0)}
            foot={t('hoursFoot', { count: open.size })}
            to="/decide/policies?part=when"
          />
        </>
      }
    >
      <Shown of={found}>{() => (matrix ? <Policies matrix={matrix} /> : null)}</Shown>
    </Page>
  )
}
