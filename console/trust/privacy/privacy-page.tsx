import type { Static } from 'typebox'
import type { PersonalDataReply } from '#trust/privacy/contract'
import { useAsk } from '../../shell/api.ts'
import { Chart } from '../../ui/chart.tsx'
import { Bars } from '../../ui/chart-bars.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { number } from '../../ui/format.ts'
import { Facts } from '../../ui/inspector.tsx'
import { Figure, Page } from '../../ui/page.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import * as endpoints from './endpoints.ts'
import { t } from './words.ts'

type Held = Static<typeof PersonalDataReply>['columns'][number]

const columns: Column<Held>[] = [
  { id: 'table', title: t('table'), value: ({ table }) => table, width: 210 },
  { id: 'column', title: t('column'), value: ({ column }) => column, width: 180 },
  { id: 'purpose', title: t('purpose'), value: ({ purpose }) => purpose, width: '2fr', narrow: false },
  { id: 'retention', title: t('retention'), value: ({ retention }) => retention, width: '2fr', narrow: false },
  { id: 'type', title: t('type'), value: ({ type }) => type, width: 150, narrow: false },
]
const MOST = 10

/** The register of processing. For the data protection officer. */
export default function PrivacyPage() {
  const held = useAsk(endpoints.personalData, {}, { staleTime: 600_000 })
  const [, setText] = useUrlState('q')
  const rows = held.data?.columns
  const byPurpose = [...Map.groupBy(rows ?? [], ({ purpose }) => purpose)]
    .map(([purpose, of]) => ({ purpose, count: of.length }))
    .sort((a, b) => b.count - a.count)
  const most = byPurpose.slice(0, MOST)
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      figures={
        <>
          <Figure
            title={t('columns')}
            value={rows ? number(rows.length) : '–'}
            foot={t('columnsFoot')}
            to="/trust/privacy"
          />
          <Figure title={t('purposes')} value={rows ? byPurpose.length : '–'} to="/trust/privacy?sort=purpose" />
          <Figure
            title={t('tables')}
            value={rows ? new Set(rows.map(({ table }) => table)).size : '–'}
            to="/trust/privacy?sort=table"
          />
        </>
      }
    >
      {rows && rows.length > 0 ? (
        <Chart
          title={t('byPurpose')}
          says={t('says', { columns: rows.length, purposes: byPurpose.length, first: byPurpose[0]!.purpose })}
          height={most.length * 26 + 16}
          table={{ columns: [t('purpose'), t('columns')], rows: byPurpose.map((one) => [one.purpose, one.count]) }}
        >
          <Bars
            label={t('byPurpose')}
            names={most.map(({ purpose }) => purpose)}
            series={[{ name: t('columns'), values: most.map(({ count }) => count) }]}
            onPick={(at) => setText(most[at]?.purpose ?? '')}
          />
        </Chart>
      ) : null}
      <DataTable
        name="personal-data"
        title={t('title')}
        columns={columns}
        rows={rows}
        rowId={({ table, column }) => `${table}.${column}`}
        error={held.error}
        onAgain={() => void held.refetch()}
        inspect={(one) => (
          <Facts
            facts={[
              [t('table'), one.table],
              [t('column'), one.column],
              [t('type'), one.type],
              [t('purpose'), one.purpose],
              [t('retention'), one.retention],
            ]}
          />
        )}
        inspectTitle={({ table, column }) => `${table}.${column}`}
        sortedBy="table"
        empty={{ title: t('emptyTitle'), sentence: t('emptySentence') }}
      />
    </Page>
  )
}
