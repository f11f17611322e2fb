import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import type { Static } from 'typebox'
import type { CatalogueReply } from '#know/attributes/contract'
import { useAsk } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { Panel } from '../../ui/page.tsx'
import { Failed, RowsComing } from '../../ui/state.tsx'
import { TypedValue } from '../../ui/typed-value.tsx'
import * as endpoints from './endpoints.ts'
import type { Counted } from './live-count.ts'
import { readsOf } from './rule.ts'
import { t } from './words.ts'

type Attribute = Static<typeof CatalogueReply>['attributes'][number]

const isNumber = (type: string): boolean => type === 'int' || type === 'double'

const SHOWN = 8
const COLUMNS_MAX = 3
/** Each person shown goes on record, so nobody is shown for a rule that is still being typed. */
const PAUSE_MS = 900

/** Some of the people to whom the rule applies, with what the rule reads of them. */
export function Sample({
  rule,
  counted,
  attributes,
  id,
}: {
  rule: string
  counted: Counted | null
  attributes: readonly Attribute[]
  /** The segment whose members these are, while the rule is the saved one. */
  id: string | null
}) {
  const may = useMay()
  const [settled] = useDebouncedValue(rule, PAUSE_MS)
  const columns = readsOf(settled)
    .map((read) => attributes.find((one) => one.id === read))
    .filter((one) => one !== undefined)
    .slice(0, COLUMNS_MAX)
  const ready = settled === rule && counted?.of === settled && counted.reply !== null
  const found = useAsk(
    endpoints.count,
    {
      body: {
        ...(id === null ? { rule: settled } : { segment: id }),
        sample: SHOWN,
        columns: columns.map((one) => one.id),
      },
    },
    { enabled: ready, staleTime: 60_000, keep: true },
  )
  if (settled.trim() === '' || (counted?.refusal && counted.of === rule)) return null
  const people = found.data?.sample
  return (
    <Panel
      title={t('sample')}
      aside={
        id !== null && may('know.segments:list') ? (
          <Button component={Link} to={`/know/segments/${id}/members`} variant="subtle" size="compact-sm">
            {t('members')}
          </Button>
        ) : null
      }
    >
      {people === undefined ? (
        found.error ? (
          <Failed failure={found.error} onAgain={() => void found.refetch()} />
        ) : (
          <RowsComing rows={5} height={16} />
        )
      ) : people.length === 0 ? (
        <p className="ui-quiet know-line">{t('sampleNone')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard.
        <div role="group" className="know-sample" aria-label={t('sampleTable')} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('customer')}</th>
                {columns.map((one) => (
                  <th scope="col" key={one.id} title={one.meaning} data-number={isNumber(one.type) || undefined}>
                    {one.title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {people.map(({ customerId, name, values }) => (
                <tr key={customerId}>
                  <th scope="row">
                    {may('know.customers:read') ? (
                      <Link to={`/know/customers/${customerId}`}>
                        <bdi>{name ?? customerId}</bdi>
                      </Link>
                    ) : (
                      <bdi>{name ?? customerId}</bdi>
                    )}
                  </th>
                  {columns.map((one) => (
                    <td key={one.id} data-number={isNumber(one.type) || undefined}>
                      <TypedValue type={one.type} unit={one.unit} value={values?.[one.id]} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className="ui-quiet know-count-foot">
        {ready && !found.isPlaceholderData ? t('sampleSays') : t('sampleBefore')}
      </p>
    </Panel>
  )
}
