/** What a drawn picture is coloured by: a meaning, or its place in a row of series. */
export type Colour = 'good' | 'warn' | 'bad' | 'info' | 'quiet' | 'accent'

const COLOURS: Record<Colour, string> = {
  good: 'var(--ui-good)',
  warn: 'var(--ui-warn)',
  bad: 'var(--ui-bad)',
  info: 'var(--ui-info)',
  quiet: 'var(--mantine-color-dimmed)',
  accent: 'var(--mantine-primary-color-filled)',
}
export const SERIES_COLOURS = 6

/** The colour of a series as the scheme has it: of its meaning, else of its place. */
export const colourOf = (meaning: Colour | undefined, place: number): string =>
  meaning === undefined ? `var(--ui-series-${(place % SERIES_COLOURS) + 1})` : COLOURS[meaning]

/** Round marks from zero, three to six of them, the last at or above `most`. `whole`: for what is counted. */
export function marksTo(most: number, whole = false): number[] {
  if (!(most > 0)) return [0, 1]
  const rough = most / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const round = [1, 2, 2.5, 5, 10].map((of) => of * power).find((one) => one >= rough * 0.999)!
  const step = whole ? Math.max(1, Math.ceil(round)) : round
  const marks = Array.from({ length: Math.ceil((most / step) * 0.999) + 1 }, (_, at) => at * step)
  // A sum like 0.1 + 0.2 is written as what it means.
  return marks.map((mark) => Number(mark.toPrecision(12)))
}

/** Where each value of a stack begins: the sum of those of earlier series at the same place. */
export function stacked(series: readonly (readonly number[])[]): number[][] {
  const sums: number[] = []
  return series.map((values) =>
    values.map((value, at) => {
      const begins = sums[at] ?? 0
      sums[at] = begins + value
      return begins
    }),
  )
}

/** At most `most` places of `count`, evenly apart, the first among them. */
export function spread(count: number, most: number): number[] {
  const step = Math.max(1, Math.ceil((count - 1) / Math.max(1, most - 1)))
  return Array.from({ length: Math.ceil(count / step) }, (_, at) => at * step)
}
