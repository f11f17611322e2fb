import { Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type KeyboardEvent, useMemo } from 'react'
import type { Refusal } from '../../shell/api.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Page } from '../../ui/page.tsx'
import { Empty } from '../../ui/state.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { Day, None } from '../../ui/values.tsx'
import './customers.css'
import * as endpoints from './endpoints.ts'
import { findCustomers } from './find.ts'
import { customerName, type Found, humanised } from './names.ts'
import { t } from './words.ts'

/** As many as the server gives at once. */
const FOUND_MAX = 50
/** What comes at once, as from a paste or a scanner, is one question; a letter that is typed asks without a wait. */
const PAUSE_MS = 40

const columns: Column<Found>[] = [
  {
    id: 'name',
    title: t('name'),
    value: customerName,
    width: 'minmax(140px, 2fr)',
    show: (found) => (
      <Link to={`/know/customers/${found.customerId}`} className="know-name ui-clip">
        <bdi>{customerName(found)}</bdi>
      </Link>
    ),
  },
  {
    id: 'born',
    title: t('born'),
    value: ({ birthOn }) => birthOn,
    show: ({ birthOn }) => <Day on={birthOn} />,
    width: 120,
  },
  { id: 'city', title: t('city'), value: ({ city }) => city, show: ({ city }) => <bdi>{city ?? <None />}</bdi> },
  {
    id: 'kind',
    title: t('kind'),
    value: ({ kind }) => humanised(kind),
    width: 120,
    narrow: false,
  },
  { id: 'stage', title: t('stage'), value: ({ stage }) => humanised(stage), width: 120, narrow: false },
  { id: 'branch', title: t('branch'), value: ({ branchCode }) => branchCode, width: 90, narrow: false },
  {
    id: 'number',
    title: t('number'),
    value: ({ customerId }) => customerId,
    width: 100,
    align: 'end',
    narrow: false,
  },
]

/** Finds customers by anything they can say. For whoever has one on the line. */
export default function CustomersPage() {
  const [text, setText] = useUrlState('find')
  const [kind, setKind] = useUrlState('kind')
  const [stage, setStage] = useUrlState('stage')
  const [asked] = useDebouncedValue(text.trim(), PAUSE_MS)
  const mayMean = asked.length >= 2 || /^\d$/.test(asked)
  const found = useQuery<readonly Found[], Refusal>({
    queryKey: [endpoints.search.url, { text: asked, limit: FOUND_MAX }],
    queryFn: ({ signal }) => findCustomers(asked, FOUND_MAX, signal),
    enabled: mayMean,
    placeholderData: keepPreviousData,
  })
  const all = mayMean ? found.data : []
  const rows = useMemo(
    () => all?.filter((one) => (kind === '' || one.kind === kind) && (stage === '' || one.stage === stage)),
    [all, kind, stage],
  )
  const values = (of: 'kind' | 'stage', chosen: string) =>
    [...new Set([...(all ?? []).map((one) => one[of]), ...(chosen ? [chosen] : [])])]
      .sort()
      .map((value) => ({ value, label: humanised(value) }))
  const toResults = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown') return
    event.preventDefault()
    document.querySelector<HTMLElement>('.know-results [role="grid"]')?.focus()
  }
  return (
    <Page title={t('title')} sentence={t('sentence')}>
      <TextInput
        type="search"
        size="lg"
        className="know-find"
        aria-label={t('find')}
        placeholder={t('findHint')}
        leftSection={<Icon name="search" size={20} />}
        value={text}
        maxLength={200}
        autoFocus
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={toResults}
      />
      {asked === '' ? (
        <div className="ui-state know-start">
          <Icon name="people" size={28} className="ui-quiet" />
          <h2>{t('startTitle')}</h2>
          <p>{t('startSentence')}</p>
          <ul>
            {(
              ['exampleName', 'exampleBirth', 'examplePhone', 'exampleMail', 'exampleNumber', 'exampleId'] as const
            ).map((key) => (
              <li key={key}>{t(key)}</li>
            ))}
          </ul>
        </div>
      ) : mayMean ? (
        <div
          className="know-results"
          aria-busy={found.isPending || found.isPlaceholderData}
          data-found-of={found.data && !found.isPlaceholderData ? asked : undefined}
        >
          <DataTable
            name="customers"
            title={t('title')}
            columns={columns}
            rows={rows}
            rowId={({ customerId }) => String(customerId)}
            error={found.error}
            onAgain={() => void found.refetch()}
            // What was found for other words is not opened for these.
            {...(found.isPlaceholderData ? {} : { open: ({ customerId }: Found) => `/know/customers/${customerId}` })}
            empty={{ title: t('noneTitle'), sentence: t('noneSentence', { text: asked }) }}
            filters={
              <>
                <Filter label={t('kind')} any={t('anyKind')} data={values('kind', kind)} value={kind} set={setKind} />
                <Filter
                  label={t('stage')}
                  any={t('anyStage')}
                  data={values('stage', stage)}
                  value={stage}
                  set={setStage}
                />
              </>
            }
          />
          {all && all.length >= FOUND_MAX ? (
            <p className="ui-quiet know-more">{t('more', { count: FOUND_MAX })}</p>
          ) : null}
        </div>
      ) : (
        <Empty icon="search" title={t('tooShortTitle')} sentence={t('tooShortSentence')} />
      )}
    </Page>
  )
}

function Filter({
  label,
  any,
  data,
  value,
  set,
}: {
  label: string
  any: string
  data: { value: string; label: string }[]
  value: string
  set: (value: string) => void
}) {
  return (
    <Select
      size="sm"
      w={150}
      aria-label={label}
      data={[{ value: '', label: any }, ...data]}
      value={value}
      onChange={(chosen) => set(chosen ?? '')}
      allowDeselect={false}
      comboboxProps={{ transitionProps: { duration: 80 } }}
    />
  )
}
