import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from 'react'
import './chart.css'
import type { Colour } from './chart-scale.ts'

/** One row of numbers of a picture, one for each of its places. */
export interface Series {
  readonly name: string
  readonly values: readonly number[]
  /** What it means; else the colour of its place among the series. */
  readonly colour?: Colour
  /** Drawn faintly: what was not done, not said, not known. */
  readonly faint?: boolean
}

/** A colour and what it stands for. */
export interface Key {
  readonly name: string
  readonly colour: string
  readonly faint?: boolean | undefined
}
export interface Reading extends Key {
  readonly value: string
}

/** What the colours of a picture stand for. */
export function Legend({ keys }: { keys: readonly Key[] }) {
  return (
    <ul className="ui-legend" aria-hidden="true">
      {keys.map(({ name, colour, faint }) => (
        <li key={name}>
          <Swatch colour={colour} faint={faint} />
          {name}
        </li>
      ))}
    </ul>
  )
}

const Swatch = ({ colour, faint }: Pick<Key, 'colour' | 'faint'>) => (
  <svg width={12} height={8} aria-hidden="true">
    <rect width={12} height={8} rx={2} fill={colour} opacity={faint ? FAINT : 1} />
  </svg>
)

/** How much of a colour is left where it stands for what was not done. */
export const FAINT = 0.35

/** The values of one place, beside it. `from`: how far along the picture it stands, in hundredths of its width. */
export function Readout({ name, lines, from }: { name: string; lines: readonly Reading[]; from: number }) {
  return (
    // Moved back by as much of its own width as it stands along the picture: so it never sticks out.
    <div className="ui-readout" style={{ left: `${from}%`, transform: `translateX(-${from}%)` }} aria-hidden="true">
      <strong>{name}</strong>
      {lines.map(({ name: of, colour, faint, value }) => (
        <span key={of}>
          <Swatch colour={colour} faint={faint} />
          {of}
          <b>{value}</b>
        </span>
      ))}
    </div>
  )
}

export const spoken = (name: string, lines: readonly Reading[]): string =>
  `${name}: ${lines.map(({ name: of, value }) => `${of} ${value}`).join(', ')}`

/** Where a key leads among places 0 to `last`; undefined: it leads nowhere. */
export function stepOf(key: string, from: number, last: number): number | undefined {
  const steps: Record<string, number> = {
    ArrowLeft: from - 1,
    ArrowDown: from - 1,
    ArrowRight: from + 1,
    ArrowUp: from + 1,
    Home: 0,
    End: last,
  }
  const next = steps[key]
  return next === undefined ? undefined : Math.min(last, Math.max(0, next))
}

/**
 * A picture along whose width one moves, with the pointer or the arrow keys, and is told the values of the place: a
 * screen reader says them as the keys move.
 */
export function Readable({
  label,
  names,
  read,
  children,
}: {
  label: string
  names: readonly string[]
  read: (at: number) => readonly Reading[]
  /** The drawing, told which place is being read. */
  children: (at: number | null) => ReactNode
}) {
  const [at, setAt] = useState<number | null>(null)
  const last = names.length - 1
  const shown = at === null ? null : Math.min(at, last)
  const told = shown ?? last
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') setAt(null)
    const next = stepOf(event.key, told, last)
    if (next === undefined) return
    event.preventDefault()
    setAt(next)
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    setAt(Math.min(last, Math.max(0, Math.floor(((event.clientX - left) / width) * names.length))))
  }
  return (
    <>
      {children(shown)}
      <div
        role="slider"
        tabIndex={0}
        className="ui-readable"
        aria-label={label}
        aria-orientation="horizontal"
        aria-readonly="true"
        aria-valuemin={1}
        aria-valuemax={names.length}
        aria-valuenow={told + 1}
        aria-valuetext={spoken(names[told] ?? '', read(told))}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setAt(null)}
        onFocus={(event) => {
          if (event.currentTarget.matches(':focus-visible')) setAt(last)
        }}
        onBlur={() => setAt(null)}
      />
      {shown === null ? null : (
        <Readout name={names[shown]!} lines={read(shown)} from={((shown + 0.5) / names.length) * 100} />
      )}
    </>
  )
}
