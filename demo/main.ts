import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { dateOf, dayOf } from './days.ts'
import { generate, generateHistory, generateRecent, type Made, type Order, type Progress } from './generate.ts'
import { writeNight } from './night.ts'
import { play, sendEvents } from './play.ts'
import { printed, trialBalance } from './reconcile.ts'

const HELP = `Riverside Bank, the demo bank: a process of its own, which speaks to Clientele as a bank's systems do.

  generate       people, holdings, events and the newest months of transactions, as files
  history        the months before those
  all            both
  events         send events.jsonl over HTTP (--url, --key)
  play           customers visit and answer (--url, --key, --visits); what they open is in --out/night
  trial-balance  the bank's figures beside what is generated

  --size N       customers, 1,000 to 10,000,000 (20,000)
  --seed N       the same seed gives the same bank (7)
  --today DATE   the day on which the bank is looked at (the machine's date)
  --years N      years of transactions (2)
  --recent N     months in the first part (4)
  --out DIR      folder for the files; for events: where events.jsonl is
  --url URL      where Clientele answers (http://127.0.0.1:4000)
  --key KEY      API key, or the environment's RIVERSIDE_KEY
  --visits N     visits to play (500)   --at-once N  at the same time (4)   --round N  which visitors (1)
  --json         the answer as one JSON object`

/** The seed of the bank that guides and screenshots show. */
const SEED = 7

function options() {
  const text = { type: 'string' as const }
  return parseArgs({
    allowPositionals: true,
    options: {
      size: text,
      seed: text,
      today: text,
      years: text,
      recent: text,
      out: text,
      url: text,
      key: text,
      visits: text,
      'at-once': text,
      round: text,
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
}

type Options = ReturnType<typeof options>['values']

function numberOf(values: Options, name: keyof Options, byDefault: number): number {
  const found = values[name]
  if (found === undefined) return byDefault
  const number = Number(found)
  if (!Number.isInteger(number) || number < 0)
    throw new RangeError(`--${name} takes a whole number; found ${String(found)}`)
  return number
}

function orderOf(values: Options): Order {
  return {
    seed: numberOf(values, 'seed', SEED),
    today: dayOf(values.today ?? new Date().toISOString().slice(0, 10)),
    years: numberOf(values, 'years', 2),
    size: numberOf(values, 'size', 20_000),
    recentMonths: numberOf(values, 'recent', 4),
    out: values.out ?? 'data/riverside',
  }
}

/** One line to standard error whenever a per cent is done; machines read `done total what`. */
function progressTo(json: boolean): Progress {
  let last = -1
  return (done, total, what) => {
    const percent = Math.floor((100 * done) / total)
    if (percent === last) return
    last = percent
    process.stderr.write(
      json ? `${JSON.stringify({ done, total, what })}\n` : `\r${what}: ${percent} %   ${percent === 100 ? '\n' : ''}`,
    )
  }
}

function told(order: Order, made: readonly Made[], json: boolean): string {
  const rows = made.reduce((sum, one) => sum + one.rows, 0)
  if (json) return JSON.stringify({ ...order, today: dateOf(order.today), rows, files: made })
  return `${made.length} files, ${rows.toLocaleString('en')} rows, in ${order.out}`
}

async function run(): Promise<number> {
  const { values, positionals } = options()
  const verb = positionals[0] ?? ''
  if (values.help || verb === '') {
    process.stdout.write(`${HELP}\n`)
    return verb === '' && !values.help ? 2 : 0
  }
  const order = orderOf(values)
  const progress = progressTo(values.json)
  const door = { url: values.url ?? 'http://127.0.0.1:4000', apiKey: values.key ?? process.env.RIVERSIDE_KEY ?? '' }
  const say = (text: string): void => void process.stdout.write(`${text}\n`)
  switch (verb) {
    case 'generate':
    case 'history':
    case 'all': {
      const make = { generate: generateRecent, history: generateHistory, all: generate }[verb]
      const made = make(order, progress)
      writeFileSync(
        join(order.out, `${verb}.order.json`),
        `${JSON.stringify({ ...order, today: dateOf(order.today) })}\n`,
      )
      say(told(order, made, values.json))
      return 0
    }
    case 'events':
      say(JSON.stringify(await sendEvents(door, join(order.out, 'events.jsonl'), progress)))
      return 0
    case 'play': {
      const played = await play(
        door,
        order,
        {
          visits: numberOf(values, 'visits', 500),
          atOnce: numberOf(values, 'at-once', 4),
          round: numberOf(values, 'round', 1),
        },
        progress,
      )
      const { opened, ...told } = played
      const night = join(order.out, 'night')
      say(JSON.stringify({ ...told, opened: writeNight(order, night, opened), night }, null, values.json ? 0 : 2))
      return played.visits > 0 ? 0 : 1
    }
    case 'trial-balance': {
      const lines = trialBalance(order, progress)
      say(values.json ? JSON.stringify({ lines }) : printed(lines))
      return lines.every((line) => line.holds) ? 0 : 1
    }
    default:
      process.stderr.write(`There is no verb ${JSON.stringify(verb)}.\n\n${HELP}\n`)
      return 2
  }
}

try {
  process.exitCode = await run()
} catch (error) {
  process.stderr.write(`riverside: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof RangeError ? 2 : 3
}
