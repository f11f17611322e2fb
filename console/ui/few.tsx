import { Button } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { number } from './format.ts'
import { words } from './words.ts'

const t = words('ui.few', { more: 'Show {{count}} more', left: '{{shown}} of {{all}} are shown.' })

/**
 * The first of what may be very many, and what to put behind them: how many there are, and a button for the next ones;
 * nothing when all are shown. For lists that are not tables, so that no page draws thousands of anything.
 */
export function useFew<T>(all: readonly T[], most = 50): [shown: readonly T[], rest: ReactNode] {
  const [upTo, setUpTo] = useState(most)
  if (all.length <= upTo) return [all, null]
  return [
    all.slice(0, upTo),
    <span key="rest" className="ui-few">
      <span className="ui-quiet">{t('left', { shown: number(upTo), all: number(all.length) })}</span>
      <Button size="compact-sm" variant="subtle" onClick={() => setUpTo(upTo + most)}>
        {t('more', { count: Math.min(most, all.length - upTo) })}
      </Button>
    </span>,
  ]
}
