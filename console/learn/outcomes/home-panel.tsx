import { Link } from '@tanstack/react-router'
import { useAsk } from '../../shell/api.ts'
import { number } from '../../ui/format.ts'
import { Panel } from '../../ui/page.tsx'
import { Shown } from '../../ui/state.tsx'
import * as endpoints from './endpoints.ts'
import { liftInterval, points, toldApart } from './figures.ts'
import { Intervals } from './intervals.tsx'
import './outcomes.css'
import { t } from './words.ts'

const SHOWN_MAX = 6

/** What contact changed, for whoever decides on it: the surest first. */
export default function OutcomesAtHome() {
  const lift = useAsk(endpoints.lift, { query: {} }, { staleTime: 60_000 })
  return (
    <Panel title={t('homeTitle')} aside={<Link to={'/learn/outcomes' as never}>{t('homeAll')}</Link>}>
      <Shown of={lift}>
        {({ lines }) => {
          const told = toldApart(lines)
          return told.length === 0 ? (
            <p className="quiet-line">
              {t('homeNone', {
                count: lines.length,
                maturing: number(lines.reduce((sum, line) => sum + line.maturing, 0)),
              })}
            </p>
          ) : (
            <Intervals
              label={t('homeTitle')}
              zero
              scale={points}
              lines={told
                .slice(0, SHOWN_MAX)
                .map((line) =>
                  liftInterval(
                    line,
                    `${line.outcome} ${line.action}`,
                    line.actionTitle,
                    `/learn/outcomes?action=${line.action}`,
                  ),
                )}
            />
          )
        }}
      </Shown>
    </Panel>
  )
}
