import { type KeyboardEvent, useState } from 'react'
import './chart.css'
import { Readout, stepOf } from './chart-parts.tsx'
import { type Colour, colourOf } from './chart-scale.ts'
import { type Laid, laidOut } from './chart-stream.ts'
import { number } from './format.ts'

/** A place that flows come to and go from. */
export interface Place {
  readonly id: string
  /** Its column, from 0. */
  readonly at: number
  readonly name: string
  readonly colour?: Colour
}
/** So many go from one place to another, in the next column. */
export interface Flow {
  readonly from: string
  readonly to: string
  readonly value: number
  readonly colour: Colour
  /** Drawn faintly: what stays as it was. */
  readonly faint?: boolean
  /** What moves, in words. */
  readonly says: string
}

/** A place's width, and what is left between two places of a column so that their names have room. */
const PLACE_PX = 8
const GAP_PX = 16

/**
 * How many go from where to where, as bands as broad as they are many, between places that stand in columns in the order
 * given. Each band is told where one points at it, or by the arrow keys.
 */
export function Flows({
  label,
  places,
  flows,
  height = 280,
  format = number,
}: {
  label: string
  places: readonly Place[]
  flows: readonly Flow[]
  height?: number
  format?: (value: number) => string
}) {
  const [at, setAt] = useState<number | null>(null)
  const { columns, spots, bands } = laidOut(places, flows, height, GAP_PX)
  const x = (column: number): number => (columns > 1 ? (column / (columns - 1)) * 100 : 0)
  const last = flows.length - 1
  const shown = at === null ? null : Math.min(at, last)
  const told = flows[shown ?? 0]
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') setAt(null)
    const next = stepOf(event.key, shown ?? -1, last)
    if (next === undefined) return
    event.preventDefault()
    setAt(next)
  }
  return (
    <div className="ui-drawn">
      <div
        className="ui-flows"
        style={{ height, ['--ui-flows-room' as string]: `${50 / Math.max(1, columns - 1)}cqi` }}
      >
        <svg
          viewBox={`0 0 100 ${height}`}
          preserveAspectRatio="none"
          width="100%"
          height={height}
          className="ui-flows-bands"
          aria-hidden="true"
        >
          {bands.map((band, nth) => {
            const { from, to, colour, faint } = flows[nth]!
            return (
              <path
                key={`${from} ${to}`}
                d={shapeOf(band, x)}
                fill={colourOf(colour, 0)}
                data-faint={faint || undefined}
                data-read={shown === nth || undefined}
                onPointerEnter={() => setAt(nth)}
                onPointerLeave={() => setAt(null)}
              />
            )
          })}
        </svg>
        {spots.map(({ y, height: high }, nth) => {
          const { id, at: column, name, colour } = places[nth]!
          const isLast = column === columns - 1
          return (
            <div
              key={id}
              className="ui-flows-place"
              aria-hidden="true"
              data-last={isLast || undefined}
              data-middle={(column > 0 && !isLast) || undefined}
              style={{
                top: y,
                height: Math.max(1, high),
                left: `calc(${x(column)}% - ${(x(column) / 100) * PLACE_PX}px)`,
                width: PLACE_PX,
                background: colourOf(colour ?? 'quiet', 0),
              }}
            >
              <span>{name}</span>
            </div>
          )
        })}
        <div
          role="slider"
          tabIndex={0}
          className="ui-readable ui-flows-keys"
          aria-label={label}
          aria-orientation="horizontal"
          aria-readonly="true"
          aria-valuemin={1}
          aria-valuemax={flows.length}
          aria-valuenow={(shown ?? 0) + 1}
          aria-valuetext={told ? `${told.says}: ${format(told.value)}` : ''}
          onKeyDown={onKeyDown}
          onFocus={(event) => {
            if (event.currentTarget.matches(':focus-visible')) setAt(0)
          }}
          onBlur={() => setAt(null)}
        />
        {shown === null || told === undefined ? null : (
          <Readout
            name={told.says}
            lines={[{ name: label, colour: colourOf(told.colour, 0), faint: told.faint, value: format(told.value) }]}
            from={(x(bands[shown]!.column) + x(bands[shown]!.column + 1)) / 2}
          />
        )}
      </div>
    </div>
  )
}

/** From the place's side to the next one's, bent halfway. */
function shapeOf({ column, from, to, breadth }: Laid, x: (column: number) => number): string {
  const [left, right] = [x(column), x(column + 1)]
  const middle = (left + right) / 2
  return `M${left} ${from}C${middle} ${from} ${middle} ${to} ${right} ${to}V${to + breadth}C${middle} ${to + breadth} ${middle} ${from + breadth} ${left} ${from + breadth}Z`
}
