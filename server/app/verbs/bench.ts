import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Verb } from '#app/verb'
import { argument, numberOf, table } from '#app/verb'
import { invalid } from '#platform/errors'

interface Figure {
  figure: string
  value: number
  unit: string
  reference: string
  referenceValue: number
  ratio: number
  bound: string
  holds: boolean
}

interface BenchModule {
  run: (options: { size: number; progress: (sentence: string) => void }) => Promise<{ figures: Figure[] }>
}

const folder = join(import.meta.dirname, '../../../bench')
const NOT_BENCHES = new Set(['figure.ts'])

const names = (): string[] =>
  readdirSync(folder)
    .filter((file) => /^[a-z]+\.ts$/.test(file) && !NOT_BENCHES.has(file))
    .map((file) => file.slice(0, -3))

export const bench: Verb = {
  name: 'bench',
  usage: 'bench NAME [--size X]',
  sentence: 'measures a figure against its limit or peer in the same run; exit status 1 when it does not hold',
  options: { size: { type: 'string', sentence: 'scales the work; 1 is the size that the figure is defined for' } },
  async run(call) {
    const name = argument(call, 0, 'a name', 'bench')
    if (!names().includes(name))
      throw invalid(
        'bench_unknown',
        { name, known: names() },
        `There is no benchmark "${name}".`,
        `Name one of ${names().join(', ')}.`,
      )
    const size = numberOf(call, 'size', 1)
    const { run } = (await import(pathToFileURL(join(folder, `${name}.ts`)).href)) as BenchModule
    const { machine } = (await import(pathToFileURL(join(folder, 'figure.ts')).href)) as { machine: () => string }
    const { figures } = await run({ size, progress: call.say })
    const report = { name, machine: machine(), size, figures }
    call.answer(
      report,
      `${name} on ${report.machine}\n${table(
        ['figure', 'value', 'unit', 'reference', 'reference value', 'ratio', 'bound', 'holds'],
        figures.map((f) => [
          f.figure,
          f.value,
          f.unit,
          f.reference,
          f.referenceValue,
          f.ratio,
          f.bound,
          f.holds ? 'yes' : 'NO',
        ]),
      )}`,
    )
    return figures.every((figure) => figure.holds) ? 0 : 1
  },
}
