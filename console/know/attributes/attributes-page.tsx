import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Static } from 'typebox'
import type { CatalogueReply } from '#know/attributes/contract'
import { useAsk, useTell } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { day } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Facts } from '../../ui/inspector.tsx'
import { Figure, Page } from '../../ui/page.tsx'
import { RowsComing, Shown } from '../../ui/state.tsx'
import { done, failed } from '../../ui/toast.tsx'
import { humanised, TypedValue } from '../../ui/typed-value.tsx'
import { None, Pill, Value } from '../../ui/values.tsx'
import './attributes.css'
import * as endpoints from './endpoints.ts'
import { t } from './words.ts'

type Attribute = Static<typeof CatalogueReply>['attributes'][number]

const SOURCES: Record<string, string> = {
  person: t('source_person'),
  holding: t('source_holding'),
  transactions: t('source_transactions'),
  events: t('source_events'),
  formula: t('source_formula'),
}
const TYPES: Record<string, string> = {
  int: t('type_int'),
  double: t('type_double'),
  bool: t('type_bool'),
  string: t('type_string'),
  date: t('type_date'),
  timestamp: t('type_timestamp'),
  'list<string>': t('type_list'),
}

/** Amounts are kept in minor units and shown as money everywhere. */
const unitOf = ({ unit }: Attribute): string | null => (unit === 'minor' ? t('unit_money') : unit)

const columns: Column<Attribute>[] = [
  {
    id: 'name',
    title: t('name'),
    value: ({ title }) => title,
    width: 'minmax(190px, 1.2fr)',
    show: ({ title }) => <strong className="ui-clip know-block-clip">{title}</strong>,
  },
  { id: 'meaning', title: t('meaning'), value: ({ meaning }) => meaning, width: 'minmax(200px, 3fr)', narrow: false },
  { id: 'type', title: t('type'), value: ({ type }) => TYPES[type] ?? type, width: 130, narrow: false },
  {
    id: 'unit',
    title: t('unit'),
    // In which units a rule writes it is told beside the row.
    value: ({ unit }) => (unit === 'minor' ? t('unit_short') : unit),
    width: 90,
    narrow: false,
  },
  { id: 'source', title: t('source'), value: ({ source }) => SOURCES[source] ?? source, width: 140 },
  {
    id: 'purpose',
    title: t('purpose'),
    value: ({ personal }) => (personal ? humanised(personal) : null),
    width: 120,
    narrow: false,
  },
  {
    id: 'id',
    title: t('id'),
    value: ({ id }) => `customer.${id}`,
    width: 'minmax(160px, 1.4fr)',
    narrow: false,
    show: ({ id }) => <span className="ui-mono ui-clip know-block-clip">customer.{id}</span>,
  },
]

/** The catalogue of what is known of every customer. For whoever writes rules, and whoever answers for the data. */
export default function AttributesPage() {
  const may = useMay()
  const catalogue = useAsk(endpoints.catalogue, {})
  const compute = useTell(endpoints.compute, { stale: [endpoints.catalogue] })
  const rows = catalogue.data?.attributes
  const from = (source: (of: string) => boolean): number => rows?.filter((one) => source(one.source)).length ?? 0
  const begin = async (): Promise<void> => {
    try {
      await compute.mutateAsync({ body: {} })
      done(t('computing'))
    } catch (error) {
      failed(error)
    }
  }
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      action={
        may('know.attributes:compute') ? (
          <Button leftSection={<Icon name="again" />} loading={compute.isPending} onClick={() => void begin()}>
            {t('compute')}
          </Button>
        ) : undefined
      }
      figures={
        <>
          <Figure
            title={t('count')}
            value={<Value value={rows?.length} />}
            foot={t('countFoot', {
              rows: from((of) => of === 'transactions' || of === 'events'),
              formulas: from((of) => of === 'formula'),
            })}
          />
          <Figure
            title={t('asOf')}
            value={catalogue.data ? (catalogue.data.asOf ? day(catalogue.data.asOf) : t('notComputed')) : '–'}
            foot={t('asOfFoot')}
          />
          <Figure
            title={t('personal')}
            value={<Value value={rows?.filter(({ personal }) => personal !== null).length} />}
            foot={t('personalFoot')}
          />
        </>
      }
    >
      <DataTable
        name="attributes"
        title={t('title')}
        columns={columns}
        rows={rows}
        rowId={({ id }) => id}
        error={catalogue.error}
        onAgain={() => void catalogue.refetch()}
        inspect={(attribute) => <Details attribute={attribute} all={rows ?? []} />}
        inspectTitle={({ title }) => title}
        empty={{ title: t('emptyTitle'), sentence: t('emptySentence') }}
      />
    </Page>
  )
}

function Details({ attribute, all }: { attribute: Attribute; all: readonly Attribute[] }) {
  const may = useMay()
  const { id, meaning, type, unit, source, reads, personal } = attribute
  const titleOf = (read: string): string => all.find((one) => one.id === read)?.title ?? read
  return (
    <div className="know-attribute">
      <p>{meaning}</p>
      <Facts
        facts={[
          [
            t('id'),
            <span key="id" className="ui-mono">
              customer.{id}
            </span>,
          ],
          [t('type'), TYPES[type] ?? type],
          [t('unit'), unitOf(attribute) ?? <None key="unit" />],
          [t('source'), SOURCES[source] ?? source],
          [
            t('reads'),
            reads.length === 0 ? (
              <None key="reads" />
            ) : (
              <span key="reads">
                {reads.map((read) => (
                  <Link key={read} to={`/know/attributes?row=${read}`} className="know-attribute-read">
                    {titleOf(read)}
                  </Link>
                ))}
              </span>
            ),
          ],
          [t('absent'), <TypedValue key="absent" type={type} unit={unit} value={attribute.default} />],
          [
            t('purpose'),
            personal ? (
              <Pill key="personal" icon="privacy">
                {humanised(personal)}
              </Pill>
            ) : (
              <None key="personal" />
            ),
          ],
        ]}
      />
      <div className="know-attribute-ways">
        {may('know.segments:count') ? (
          <Button
            component={Link}
            to={`/know/segments/new?rule=${encodeURIComponent(`has(customer.${id})`)}`}
            variant="default"
            size="xs"
          >
            {t('segmentOf')}
          </Button>
        ) : null}
      </div>
      {may('trust.playbook:read') ? <Uses id={id} /> : null}
    </div>
  )
}

function Uses({ id }: { id: string }) {
  const uses = useAsk(endpoints.uses, { params: { kind: 'attribute', id } })
  return (
    <section aria-label={t('uses')}>
      <h3>{t('uses')}</h3>
      <Shown of={uses} coming={<RowsComing rows={3} height={16} />}>
        {(data) =>
          data.uses.length === 0 ? (
            <p className="ui-quiet">{t('usesNone')}</p>
          ) : (
            <ul>
              {data.uses.map(({ kind, id: user, title, path, depth }) => (
                <li key={`${kind}/${user}/${path}`}>
                  <Link
                    to={kind === 'segment' ? `/know/segments/${user}` : `/trust/playbook/documents/${kind}/${user}`}
                  >
                    {title}
                  </Link>
                  <span className="ui-quiet">
                    {humanised(kind)} · {depth === 1 ? t('direct') : t('through')}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </section>
  )
}
