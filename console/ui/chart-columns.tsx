import type { ReactNode } from 'react'
import { FAINT, type Key, Legend, Readable, type Reading, type Series } from './chart-parts.tsx'
import { colourOf, marksTo, spread, stacked } from './chart-scale.ts'
import { number } from './format.ts'

interface Standing {
  /** What is read, for whoever hears it. */
  readonly label: string
  /** The places along the picture, in their order: minutes, days. */
  readonly names: readonly string[]
  readonly series: readonly Series[]
  readonly height?: number
  readonly format?: (value: number) => string
}

const keysOf = (series: readonly Series[]): Key[] =>
  series.map(({ name, colour, faint }, at) => ({ name, colour: colourOf(colour, at), faint }))

const NAMES_MAX = 7
const EDGES_PERCENT = [2, 94] as const
/** A bar's share of its place, and how much of the whole picture it takes at most. */
const BAR_SHARE = 0.8
const BAR_MAX_PERCENT = 8

/** Bars that stand beside each other along a time, their series on top of each other or, with `beside`, side by side. */
export function Columns({ series, beside = false, ...standing }: Standing & { beside?: boolean }) {
  const { names } = standing
  const begins = beside ? series.map(({ values }) => values.map(() => 0)) : stacked(series.map(({ values }) => values))
  const tops = series.map(({ values }, of) => values.map((value, at) => begins[of]![at]! + value))
  const slot = 100 / Math.max(1, names.length)
  const room = Math.min(slot * BAR_SHARE, BAR_MAX_PERCENT)
  const width = beside ? room / series.length : room
  return (
    <Plane {...standing} series={series} most={Math.max(0, ...tops.flat())} whole>
      {(share) =>
        series.flatMap(({ name, values, colour, faint }, of) =>
          values.map((value, at) =>
            value === 0 ? null : (
              <rect
                key={`${name} ${names[at]}`}
                x={`${(at + 0.5) * slot - room / 2 + (beside ? of * width : 0)}%`}
                width={`${width}%`}
                y={`${100 - share(tops[of]![at]!)}%`}
                height={`${share(value)}%`}
                fill={colourOf(colour, of)}
                opacity={faint ? FAINT : 1}
              />
            ),
          ),
        )
      }
    </Plane>
  )
}

/** Lines along a time, each with its points; around the first, the band within which it is certain. */
export function Lines({
  series,
  band,
  whole = false,
  ...standing
}: Standing & { band?: { name: string; low: readonly number[]; high: readonly number[] }; whole?: boolean }) {
  const { names, format = number } = standing
  const most = Math.max(0, ...series.flatMap(({ values }) => values), ...(band?.high ?? []))
  const x = (at: number): number => ((at + 0.5) / Math.max(1, names.length)) * 100
  const first = colourOf(series[0]?.colour, 0)
  return (
    <Plane
      {...standing}
      series={series}
      most={most}
      whole={whole}
      keys={band ? [{ name: band.name, colour: first, faint: true }] : []}
      also={(at) =>
        band
          ? [
              {
                name: band.name,
                colour: first,
                faint: true,
                value: `${format(band.low[at]!)} – ${format(band.high[at]!)}`,
              },
            ]
          : []
      }
    >
      {(share) => (
        <svg
          viewBox="0 0 100 100"
          preserveAspectRatio="none"
          width="100%"
          height="100%"
          className="ui-lines"
          aria-hidden="true"
        >
          {band ? (
            <polygon
              points={[
                ...band.high.map((value, at) => `${x(at)},${100 - share(value)}`),
                ...band.low.map((value, at) => `${x(at)},${100 - share(value)}`).reverse(),
              ].join(' ')}
              fill={first}
              stroke={first}
              opacity={0.2}
            />
          ) : null}
          {series.map(({ name, values, colour }, of) => {
            const points = values.map((value, at) => `${x(at)} ${100 - share(value)}`)
            return (
              <g key={name} stroke={colourOf(colour, of)} fill="none">
                <path d={`M${points.join('L')}`} strokeWidth={1.6} />
                {/* A line of no length has a round end: a point that stays round however wide the picture is. */}
                <path d={points.map((point) => `M${point}h0`).join('')} strokeWidth={6} strokeLinecap="round" />
              </g>
            )
          })}
        </svg>
      )}
    </Plane>
  )
}

/** The ground of a standing picture: what is marked on its side, its places below, and what one reads on it. */
function Plane({
  label,
  names,
  series,
  most,
  whole,
  height = 200,
  format = number,
  keys = [],
  also = () => [],
  children,
}: Standing & {
  most: number
  whole: boolean
  keys?: readonly Key[]
  also?: (at: number) => readonly Reading[]
  /** Draws, told how high a value stands in hundredths of the picture. */
  children: (share: (value: number) => number) => ReactNode
}) {
  const own = keysOf(series)
  const marks = marksTo(most, whole)
  const share = (value: number): number => (value / marks.at(-1)!) * 100
  const slot = 100 / Math.max(1, names.length)
  const marked = marks.map((mark) => format(mark))
  const widest = marked.reduce((longest, text) => (text.length > longest.length ? text : longest), '')
  return (
    <div className="ui-drawn">
      {own.length + keys.length > 1 ? <Legend keys={[...own, ...keys]} /> : null}
      <div className="ui-plane">
        <div className="ui-plane-marks" aria-hidden="true">
          <span className="ui-plane-widest">{widest}</span>
          {marks.map((mark, at) => (
            <span key={mark} style={{ bottom: `${share(mark)}%` }}>
              {marked[at]}
            </span>
          ))}
        </div>
        <div className="ui-plane-plot" style={{ height }}>
          <Readable
            label={label}
            names={names}
            read={(at) => [
              ...series.map(({ values }, of) => ({ ...own[of]!, value: format(values[at] ?? 0) })),
              ...also(at),
            ]}
          >
            {(at) => (
              <svg width="100%" height="100%" aria-hidden="true">
                {at === null ? null : (
                  <rect x={`${at * slot}%`} width={`${slot}%`} height="100%" fill="var(--ui-chosen)" />
                )}
                {marks.map((mark) => (
                  <line
                    key={mark}
                    x2="100%"
                    y1={`${100 - share(mark)}%`}
                    y2={`${100 - share(mark)}%`}
                    className="ui-plane-line"
                    data-zero={mark === 0 || undefined}
                  />
                ))}
                {children(share)}
              </svg>
            )}
          </Readable>
        </div>
        <div
          className="ui-plane-names"
          data-long={names.some(({ length }) => length > 8) || undefined}
          aria-hidden="true"
        >
          {spread(names.length, NAMES_MAX).map((at, nth) => {
            const from = (at + 0.5) * slot
            return (
              <span
                key={names[at]}
                data-spare={nth % 2 === 1 ? 'first' : nth % 4 === 2 ? 'next' : undefined}
                // Under its place, but for the outermost: those must not stick out.
                style={{
                  left: `${from}%`,
                  transform: `translateX(-${from < EDGES_PERCENT[0] || from > EDGES_PERCENT[1] ? from : 50}%)`,
                }}
              >
                {names[at]}
              </span>
            )
          })}
        </div>
      </div>
    </div>
  )
}
