import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { TimelineItem } from '#engage/timeline/contract'
import { useMay } from '../../shell/session.tsx'
import { Facts, Inspector } from '../../ui/inspector.tsx'
import { Day, Money, None, When } from '../../ui/values.tsx'
import { channelName, oneName, sentenceOf } from './item.ts'
import { humanised } from './names.ts'
import { t } from './words.ts'

const DATE = /^\d{4}-\d{2}-\d{2}$/
const INSTANT = /^\d{4}-\d{2}-\d{2}T/
/** Shown elsewhere in the same inspector, or of no meaning to a person. */
const LEFT_OUT = new Set(['currency', 'contactId', 'actions', 'titles', 'decisionId'])

/** 'balanceAfterMinor' as a banker calls it. */
const factName = (name: string): string =>
  humanised(
    name.replace(/Minor$/, '').replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`),
  )

function shownFact(name: string, value: unknown, currency: string | undefined): ReactNode {
  if (value === null || value === undefined || value === '') return <None />
  if (name.endsWith('Minor') && typeof value === 'number') return <Money minor={value} currency={currency} />
  if (typeof value === 'string' && INSTANT.test(value)) return <When at={value} />
  if (typeof value === 'string' && DATE.test(value)) return <Day on={value} />
  if (typeof value === 'string' && /^[a-z][a-z0-9_]*$/.test(value)) return humanised(value)
  if (typeof value === 'object')
    return Object.keys(value).length === 0 ? (
      <None />
    ) : (
      <span>
        {Object.entries(value).map(([inner, one]) => (
          <span key={inner} className="know-block">
            <span className="ui-quiet">{factName(inner)}: </span>
            <bdi>{typeof one === 'object' ? JSON.stringify(one) : shownFact(inner, one, currency)}</bdi>
          </span>
        ))}
      </span>
    )
  return <bdi>{String(value)}</bdi>
}

/** Everything one item of the timeline says, with the way to what decided it. */
export function ItemInspector({ item, onClose }: { item: TimelineItem; onClose: () => void }) {
  const may = useMay()
  const { kind, facts } = item
  const decision = kind === 'decision' ? item.id : (facts.decisionId as string | null | undefined)
  const currency = typeof facts.currency === 'string' ? facts.currency : undefined
  const told = Object.entries(facts).filter(([name]) => !LEFT_OUT.has(name))
  return (
    <Inspector title={sentenceOf(item)} onClose={onClose}>
      <Facts
        facts={[
          [oneName(kind), item.title ?? (item.about === null ? <None key="a" /> : humanised(item.about))],
          [t('exactly'), <When key="w" at={item.at} />],
          ...(item.channel ? [[t('channel'), channelName(item.channel)] as [string, ReactNode]] : []),
          ...told.map(([name, value]) => [factName(name), shownFact(name, value, currency)] as [string, ReactNode]),
        ]}
      />
      {decision && may('decide.decisions:explain') ? (
        <Button component={Link} to={`/decide/decisions/${decision}`} variant="default" size="xs" mt={12}>
          {t('explainIt')}
        </Button>
      ) : null}
    </Inspector>
  )
}
