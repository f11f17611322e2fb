import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Icon } from '../../ui/icons.tsx'

/** One line of a picture of intervals. */
export interface Interval {
  readonly id: string
  readonly title: string
  /** Where the title leads: to what the number is made of. */
  readonly to?: string
  /** The best guess; null: nothing can be said yet. */
  readonly at: number | null
  readonly low: number | null
  readonly high: number | null
  /** The numbers in words, at the end of the line. */
  readonly says: ReactNode
  /** Drawn and named: proven good, proven bad, or not told apart from nothing. */
  readonly tone: 'good' | 'bad' | 'open' | 'plain'
}

const WIDTH = 400
const HEIGHT = 24

/** Round marks over a range: at most six, at 1, 2 or 5 of a power of ten. */
function marksOf(low: number, high: number): number[] {
  const span = high - low || 1
  const rough = span / 5
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((of) => of * power).find((one) => one >= rough) ?? power * 10
  const marks: number[] = []
  for (let mark = Math.ceil(low / step) * step; mark <= high + step / 1000; mark += step)
    marks.push(Math.abs(mark) < step / 1000 ? 0 : mark)
  return marks
}

/**
 * Intervals as intervals: a bar from low to high with the best guess on it, over one scale. A proven one is filled, an
 * open one hollow, and each has its words beside: nothing hangs on colour.
 */
export function Intervals({
  lines,
  scale,
  zero = false,
  label,
}: {
  lines: readonly Interval[]
  scale: (value: number) => string
  /** Whether zero stands in the picture as a line. */
  zero?: boolean
  label: string
}) {
  const known = lines.flatMap(({ low, high, at }) => [low, high, at].filter((one): one is number => one !== null))
  const least = Math.min(...known, zero ? 0 : Number.POSITIVE_INFINITY)
  const most = Math.max(...known, zero ? 0 : Number.NEGATIVE_INFINITY)
  const room = (most - least || Math.abs(most) || 0.01) * 0.06
  const from = zero ? least - room : Math.max(0, least - room)
  const to = most + room
  const x = (value: number): number => ((value - from) / (to - from)) * WIDTH
  const marks = known.length === 0 ? [] : marksOf(from, to)
  return (
    <div className="intervals">
      <ul aria-label={label}>
        {lines.map((line) => (
          <li key={line.id}>
            <span className="interval-title">
              {line.to ? (
                <Link to={line.to as never}>
                  <bdi>{line.title}</bdi>
                </Link>
              ) : (
                <bdi>{line.title}</bdi>
              )}
            </span>
            <svg
              viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
              preserveAspectRatio="none"
              className="interval-line"
              data-tone={line.tone}
              aria-hidden="true"
            >
              {marks.map((mark) => (
                <line
                  key={mark}
                  x1={x(mark)}
                  x2={x(mark)}
                  y1={0}
                  y2={HEIGHT}
                  className={zero && mark === 0 ? 'interval-zero' : 'interval-mark'}
                />
              ))}
              {line.low === null || line.high === null ? null : (
                <rect
                  x={x(line.low)}
                  y={7}
                  width={Math.max(2, x(line.high) - x(line.low))}
                  height={10}
                  className="interval-bar"
                />
              )}
              {line.at === null ? null : (
                <rect x={x(line.at) - 1.5} y={3} width={3} height={18} className="interval-at" />
              )}
            </svg>
            <span className="interval-says">
              {line.tone === 'good' ? <Icon name="good" size={14} className="ui-good" /> : null}
              {line.tone === 'bad' ? <Icon name="bad" size={14} className="ui-bad" /> : null}
              {line.tone === 'open' ? <Icon name="wait" size={14} className="ui-quiet" /> : null}
              <span>{line.says}</span>
            </span>
          </li>
        ))}
      </ul>
      <div className="interval-axis" aria-hidden="true">
        <span />
        <svg viewBox={`0 0 ${WIDTH} 16`} aria-hidden="true">
          {marks.map((mark) => (
            <text
              key={mark}
              x={x(mark)}
              y={12}
              textAnchor={x(mark) < 20 ? 'start' : x(mark) > WIDTH - 20 ? 'end' : 'middle'}
            >
              {scale(mark)}
            </text>
          ))}
        </svg>
        <span />
      </div>
    </div>
  )
}
