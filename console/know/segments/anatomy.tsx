import { useDebouncedValue } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Static } from 'typebox'
import type { AnatomyReply } from '#know/segments/contract'
import { useAsk } from '../../shell/api.ts'
import { useFew } from '../../ui/few.tsx'
import { number, percent, signed } from '../../ui/format.ts'
import { Panel } from '../../ui/page.tsx'
import { Failed, RowsComing } from '../../ui/state.tsx'
import * as endpoints from './endpoints.ts'
import type { Counted } from './live-count.ts'
import { t } from './words.ts'

type Found = Static<typeof AnatomyReply>

/** Longer than the number waits: these are many counts at once. */
const PAUSE_MS = 400

const OVERLAPS = 10

const share = (part: number, whole: number): string => percent(whole === 0 ? 0 : part / whole)

/** How many each condition leaves, as a line that grows shorter, and what the rule would have without it. */
function Clauses({ found }: { found: Found }) {
  const { clauses, customers, count, taken } = found
  const line = (left: number) => (
    <span
      className="know-left"
      aria-hidden="true"
      style={{ width: `${customers === 0 ? 0 : (100 * left) / customers}%` }}
    />
  )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard.
    <div role="group" className="know-sample know-anatomy" aria-label={t('anatomyTable')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('clause')}</th>
            <th scope="col" data-number>
              {t('clauseLeft')}
            </th>
            <th scope="col" data-number>
              {t('clauseAlone')}
            </th>
            <th scope="col" data-number>
              {t('clauseWithout')}
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">
              {t('anatomyAll')}
              {line(customers)}
            </th>
            <td data-number>{number(customers)}</td>
            <td />
            <td />
          </tr>
          {clauses.map(({ source, alone, left, without }, at) => {
            const before = at === 0 ? customers : clauses[at - 1]!.left
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a rule may say the same twice.
              <tr key={at}>
                <th scope="row">
                  <span className="ui-mono" title={source}>
                    {source}
                  </span>
                  {line(left)}
                </th>
                <td data-number>
                  {number(left)} <span className="ui-quiet">{signed(left - before)}</span>
                </td>
                <td data-number>{number(alone)}</td>
                <td data-number>
                  {number(without)} <span className="ui-quiet">{signed(without - (count + taken))}</span>
                </td>
              </tr>
            )
          })}
          {taken > 0 ? (
            <tr>
              <th scope="row">
                {t('anatomyTaken')}
                {line(count)}
              </th>
              <td data-number>
                {number(count)} <span className="ui-quiet">{signed(-taken)}</span>
              </td>
              <td />
              <td />
            </tr>
          ) : null}
        </tbody>
      </table>
    </div>
  )
}

function Overlaps({ found }: { found: Found }) {
  const [few, rest] = useFew(found.overlaps, OVERLAPS)
  if (found.overlaps.length === 0) return <p className="ui-quiet know-line">{t('overlapNone')}</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard.
    <div role="group" className="know-sample know-anatomy" aria-label={t('overlapTable')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('name')}</th>
            <th scope="col" data-number>
              {t('overlapBoth')}
            </th>
            <th scope="col" data-number>
              {t('overlapOfThese')}
            </th>
            <th scope="col" data-number>
              {t('overlapOfThose')}
            </th>
          </tr>
        </thead>
        <tbody>
          {few.map(({ segment, title, both, size }) => (
            <tr key={segment}>
              <th scope="row">
                <Link to={`/know/segments/${segment}`}>{title}</Link>
                <span
                  className="know-left"
                  aria-hidden="true"
                  style={{ width: `${found.count === 0 ? 0 : (100 * both) / found.count}%` }}
                />
              </th>
              <td data-number>{number(both)}</td>
              <td data-number>{share(both, found.count)}</td>
              <td data-number>{share(both, size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rest}
    </div>
  )
}

/** What a rule is made of: which condition takes away whom, and where else they belong. */
export function Anatomy({ rule, counted, id }: { rule: string; counted: Counted | null; id: string | null }) {
  const [settled] = useDebouncedValue(rule, PAUSE_MS)
  const ready = settled === rule && settled.trim() !== '' && counted?.of === settled && counted.reply !== null
  const found = useAsk(
    endpoints.anatomy,
    { body: id === null ? { rule: settled } : { segment: id } },
    { enabled: ready, staleTime: 60_000, keep: true },
  )
  if (rule.trim() === '' || (counted?.refusal && counted.of === rule)) return null
  const before = found.data !== undefined && (!ready || found.isPlaceholderData)
  const shown = (of: (data: Found) => ReactNode) =>
    found.data ? (
      of(found.data)
    ) : found.error ? (
      <Failed failure={found.error} onAgain={() => void found.refetch()} />
    ) : (
      <RowsComing rows={4} height={16} />
    )
  return (
    <div className="know-rule">
      <Panel title={t('anatomy')}>
        <p className="ui-quiet know-line">{t(before ? 'anatomyBefore' : 'anatomySays')}</p>
        {shown((data) => (
          <Clauses found={data} />
        ))}
      </Panel>
      <Panel title={t('overlap')}>
        <p className="ui-quiet know-line">{t(before ? 'anatomyBefore' : 'overlapSays')}</p>
        {shown((data) => (
          <Overlaps found={data} />
        ))}
      </Panel>
    </div>
  )
}
