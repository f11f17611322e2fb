import { Link } from '@tanstack/react-router'
import { useLayoutEffect, useRef, useState } from 'react'
import './chart.css'
import { Legend } from './chart-parts.tsx'
import { type Colour, colourOf } from './chart-scale.ts'
import { squares } from './chart-squares.ts'
import { number } from './format.ts'

/** Parts of one colour, each as large as its value. */
export interface Branch {
  readonly name: string
  readonly colour: Colour
  readonly parts: readonly { name: string; value: number; to: string }[]
}

/** Areas within areas, each as large as its value, each leading to what it stands for. */
export function Tree({
  label,
  branches,
  height = 280,
  format = number,
}: {
  label: string
  branches: readonly Branch[]
  height?: number
  format?: (value: number) => string
}) {
  const place = useRef<HTMLUListElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const measure = (): void => setWidth(place.current?.clientWidth ?? 0)
    measure()
    const watcher = new ResizeObserver(measure)
    watcher.observe(place.current!)
    return () => watcher.disconnect()
  }, [])
  const across = (width || height) / height
  const sized = branches
    .map((branch) => ({
      ...branch,
      parts: branch.parts.filter(({ value }) => value > 0).sort((a, b) => b.value - a.value),
      sum: branch.parts.reduce((sum, { value }) => sum + Math.max(0, value), 0),
    }))
    .filter(({ sum }) => sum > 0)
    .sort((a, b) => b.sum - a.sum)
  const whole = { x: 0, y: 0, width: 100, height: 100 }
  const areas = squares(
    sized.map(({ sum }) => sum),
    whole,
    across,
  )
  return (
    <div className="ui-drawn">
      <Legend keys={sized.map(({ name, colour }) => ({ name, colour: colourOf(colour, 0) }))} />
      <ul ref={place} className="ui-tree" style={{ height }} aria-label={label}>
        {sized.flatMap(({ name: of, colour, parts }, nth) =>
          squares(
            parts.map(({ value }) => value),
            areas[nth]!,
            across,
          ).map(({ x, y, width: wide, height: high }, at) => {
            const { name, value, to } = parts[at]!
            return (
              <li
                key={to}
                className="ui-tree-part"
                style={{ left: `${x}%`, top: `${y}%`, width: `${wide}%`, height: `${high}%` }}
              >
                <Link to={to as never} data-colour={colour} title={`${of}: ${name}, ${format(value)}`}>
                  <span>{name}</span>
                  <b>{format(value)}</b>
                  <small>{of}</small>
                </Link>
              </li>
            )
          }),
        )}
      </ul>
    </div>
  )
}
