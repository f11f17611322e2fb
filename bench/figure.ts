import { cpus, totalmem } from 'node:os'

/** One measured figure beside its limit or peer of the same run. */
export interface Figure {
  figure: string
  value: number
  unit: string
  /** What it is held against: a peer measured in the same run, or a limit. */
  reference: string
  referenceValue: number
  /** value / referenceValue. */
  ratio: number
  /** The bound in words, e.g. '≤ 2.5 × reference'. */
  bound: string
  holds: boolean
}

export interface BenchOptions {
  /** Scales the work; 1 is the size that the figure is defined for. 0 < size ≤ 10. */
  size: number
  /** Called with a sentence whenever something is worth telling; written to standard error. */
  progress: (sentence: string) => void
}

/** A benchmark: measures, cleans up after itself, answers its figures. */
export type BenchRun = (options: BenchOptions) => Promise<{ figures: Figure[] }>

const round = (x: number): number => (Number.isFinite(x) ? Number(x.toPrecision(4)) : x)

/** A figure that must be at most `times` × a peer or limit. */
export const atMost = (
  figure: string,
  unit: string,
  value: number,
  reference: string,
  referenceValue: number,
  times = 1,
): Figure => against(figure, unit, value, reference, referenceValue, times, '≤')

/** A figure that must be at least `times` × a peer or limit. */
export const atLeast = (
  figure: string,
  unit: string,
  value: number,
  reference: string,
  referenceValue: number,
  times = 1,
): Figure => against(figure, unit, value, reference, referenceValue, times, '≥')

function against(
  figure: string,
  unit: string,
  value: number,
  reference: string,
  referenceValue: number,
  times: number,
  sign: '≤' | '≥',
): Figure {
  const ratio = value / referenceValue
  // A figure that was not measured does not hold.
  const holds = Number.isFinite(ratio) && (sign === '≤' ? ratio <= times : ratio >= times)
  const bound = times === 1 ? `${sign} reference` : `${sign} ${times} × reference`
  return {
    figure,
    value: round(value),
    unit,
    reference,
    referenceValue: round(referenceValue),
    ratio: round(ratio),
    bound,
    holds,
  }
}

/** A figure that is printed and not held against anything. */
export const printed = (figure: string, unit: string, value: number): Figure => ({
  figure,
  value: round(value),
  unit,
  reference: 'printed only',
  referenceValue: round(value),
  ratio: 1,
  bound: 'none',
  holds: Number.isFinite(value),
})

/** The machine in words, for beside the figures. */
export const machine = (): string =>
  `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`

/** The p-th quantile (0..1) of unsorted values, nearest rank; NaN when empty. */
export function quantile(values: readonly number[], p: number): number {
  if (values.length === 0) return Number.NaN
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))]!
}
