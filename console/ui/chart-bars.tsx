import { FAINT, Legend, Readout, type Series, spoken } from './chart-parts.tsx'
import { type Colour, colourOf, stacked } from './chart-scale.ts'
import { number } from './format.ts'

/**
 * Bars that lie under each other, one for each name, their series one after the other; each has its number at its end.
 * What a bar of several series is made of is told where one points or goes with the keyboard.
 */
export function Bars({
  label,
  names,
  series,
  colours,
  most,
  format = number,
  ends,
  keyed = series.length > 1,
  onPick,
}: {
  /** What is listed, for whoever hears it. */
  label: string
  names: readonly string[]
  series: readonly Series[]
  /** The meaning of each bar, where they differ. */
  colours?: readonly Colour[]
  /** What a whole bar would be: everybody, where all are asked. */
  most?: number
  format?: (value: number) => string
  /** What stands at the end of each bar, where its whole length says nothing. */
  ends?: readonly string[]
  /** Whether it is said what the colours stand for, and what a bar is made of. */
  keyed?: boolean
  /** Told which bar was clicked, by its place. */
  onPick?: (at: number) => void
}) {
  const begins = stacked(series.map(({ values }) => values))
  const totals = names.map((_, at) => series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0))
  const whole = Math.max(most ?? 0, ...totals) || 1
  const keys = series.map(({ name, colour, faint }, of) => ({ name, colour: colourOf(colour, of), faint }))
  return (
    <div className="ui-drawn">
      {keyed ? <Legend keys={keys} /> : null}
      <ul className="ui-bars" aria-label={label}>
        {names.map((name, at) => {
          const lines = series.map(({ values }, of) => ({ ...keys[of]!, value: format(values[at] ?? 0) }))
          const bar = (
            <>
              <span className="ui-bars-name">
                <bdi>{name}</bdi>
              </span>
              <svg width="100%" height={16} className="ui-bars-line" aria-hidden="true">
                {series.map(({ name: of, values, faint }, nth) =>
                  (values[at] ?? 0) === 0 ? null : (
                    <rect
                      key={of}
                      x={`${(begins[nth]![at]! / whole) * 100}%`}
                      width={`${(values[at]! / whole) * 100}%`}
                      height={16}
                      fill={colours ? colourOf(colours[at], nth) : keys[nth]!.colour}
                      opacity={faint ? FAINT : 1}
                    />
                  ),
                )}
              </svg>
              <span className="ui-bars-value">{ends?.[at] ?? format(totals[at]!)}</span>
              {keyed ? <Readout name={name} lines={lines} from={50} /> : null}
            </>
          )
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: two bars may have the same name.
            <li key={at}>
              {onPick ? (
                <button
                  type="button"
                  className="ui-bars-row"
                  onClick={() => onPick(at)}
                  aria-label={spoken(name, lines)}
                >
                  {bar}
                </button>
              ) : keyed ? (
                // biome-ignore lint/a11y/noNoninteractiveTabindex: what it is made of must be reached by keyboard.
                <div className="ui-bars-row" role="img" tabIndex={0} aria-label={spoken(name, lines)}>
                  {bar}
                </div>
              ) : (
                <div className="ui-bars-row">{bar}</div>
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
