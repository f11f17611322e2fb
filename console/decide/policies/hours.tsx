import type { ContactPolicyDocument, OpenHours } from '#decide/policies/contract'
import { Facts } from '../../ui/inspector.tsx'
import { Panel } from '../../ui/page.tsx'
import { dayName, hoursText } from './rules.tsx'
import { t } from './words.ts'

const hourOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours + minutes / 60
}

/** The week of one channel: seven lines of a day each, the hours filled in which it may speak up. */
function Week({ hours }: { hours: readonly OpenHours[] }) {
  return (
    <svg viewBox="0 0 520 152" className="week" aria-hidden="true">
      {[0, 6, 12, 18, 24].map((hour) => (
        <g key={hour}>
          <line x1={40 + hour * 20} x2={40 + hour * 20} y1={0} y2={136} className="week-line" />
          <text x={40 + hour * 20} y={149} textAnchor={hour === 24 ? 'end' : 'middle'}>
            {hour}
          </text>
        </g>
      ))}
      {[1, 2, 3, 4, 5, 6, 7].map((weekday, row) => (
        <g key={weekday}>
          <text x={0} y={row * 19 + 14}>
            {dayName(weekday)}
          </text>
          <rect x={40} y={row * 19 + 3} width={480} height={14} className="week-closed" />
          {hours
            .filter(({ weekdays }) => weekdays.includes(weekday))
            .map(({ from, to }) => (
              <rect
                key={`${from}${to}`}
                x={40 + hourOf(from) * 20}
                y={row * 19 + 3}
                width={(hourOf(to) - hourOf(from)) * 20}
                height={14}
                rx={2}
                className="week-open"
              />
            ))}
        </g>
      ))}
    </svg>
  )
}

/** When each channel may speak up: a picture of the week, and the same as a table. */
export function Hours({
  contact,
  titleOf,
}: {
  contact: ContactPolicyDocument | undefined
  titleOf: (id: string) => string
}) {
  const hours = contact?.openHours ?? []
  const channels = [...new Set(hours.flatMap(({ channels: open }) => open))]
  return (
    <div className="hours">
      <p className="quiet-line">{t('hoursSays')}</p>
      <div className="weeks">
        {channels.map((channel) => (
          <Panel key={channel} title={titleOf(channel)}>
            <Week hours={hours.filter(({ channels: open }) => open.includes(channel))} />
          </Panel>
        ))}
      </div>
      <Panel title={t('hoursTable')}>
        <Facts
          facts={channels.map((channel) => [
            titleOf(channel),
            hours
              .filter(({ channels: open }) => open.includes(channel))
              .map(hoursText)
              .join('; '),
          ])}
        />
      </Panel>
    </div>
  )
}
