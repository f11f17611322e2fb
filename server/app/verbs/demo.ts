import { setTimeout as sleep } from 'node:timers/promises'
import { openBank } from '#app/bank'
import { bringEvents, bringHistory, bringRecent, demoBank, demoKey, runDemo } from '#app/demo-bank'
import { wire } from '#app/modules'
import { progressBar } from '#app/progress'
import { startServer } from '#app/server'
import { argument, numberOf, optionOf, table, type Verb } from '#app/verb'
import { systemClock } from '#platform/clock'
import { invalid } from '#platform/errors'
import { backlog } from '#platform/outbox'

const DOES = ['create', 'play', 'trial-balance'] as const

export const demo: Verb = {
  name: 'demo',
  usage: `demo ${DOES.join('|')}`,
  sentence:
    'makes Riverside Bank, lets its customers visit and answer, or prints its figures beside those it should have',
  options: {
    customers: { type: 'string', sentence: '1,000 to 10,000,000; by default 20,000' },
    seed: { type: 'string', sentence: 'the same seed gives the same bank; by default 7' },
    visits: { type: 'string', sentence: 'how many visits to play; by default 500' },
    url: { type: 'string', sentence: 'play against a server that runs; by default one is started for it' },
    key: { type: 'string', sentence: 'API key for --url' },
    'without-history': { type: 'boolean', sentence: 'leave out the months before the newest four' },
  },
  async run(call) {
    const does = argument(call, 0, 'what to do', 'demo')
    if (!(DOES as readonly string[]).includes(does))
      throw invalid(
        'demo_verb',
        { found: does, known: DOES },
        `demo cannot "${does}".`,
        `Say one of ${DOES.join(', ')}.`,
      )
    wire()
    const bank = await openBank({ dataDir: call.dataDir })
    const order = demoBank(bank.rt, {
      customers: numberOf(call, 'customers', 20_000),
      seed: numberOf(call, 'seed', 7),
    })
    const bar = (title: string) =>
      progressBar(systemClock, (text) => process.stderr.write(text), { terminal: process.stderr.isTTY === true, title })
    try {
      if (does === 'create') {
        const recent = bar('Riverside Bank')
        const imported = await bringRecent(bank.rt, order, recent.to)
        recent.end()
        if (call.options['without-history'] !== true) {
          const history = bar('Its earlier months')
          await bringHistory(bank.rt, order, history.to)
          history.end()
        }
        // The events come in as they do from the bank's other systems: over HTTP.
        const server = await startServer(bank.rt, { port: 0 })
        try {
          await bringEvents(bank.rt, order, server.url)
          while ((await backlog(bank.rt)).customers > 0) await sleep(500)
        } finally {
          await server.close()
        }
        call.answer(
          imported,
          `Riverside Bank has ${order.customers.toLocaleString('en')} customers as of ${order.today}.`,
        )
        return 0
      }
      if (does === 'trial-balance') {
        const said = await runDemo('trial-balance', order, [], () => {})
        const { lines } = JSON.parse(said) as {
          lines: {
            line: string
            unit: string
            expected: number
            generated: number
            difference: number
            holds: boolean
          }[]
        }
        call.answer(
          { lines },
          table(
            ['line', 'unit', 'expected', 'generated', 'off by %', 'holds'],
            lines.map(({ line, unit, expected, generated, difference, holds }) => [
              line,
              unit,
              Math.round(expected * 100) / 100,
              Math.round(generated * 100) / 100,
              Math.round(difference * 10_000) / 100,
              holds ? 'yes' : 'NO',
            ]),
          ),
        )
        return lines.every((line) => line.holds) ? 0 : 1
      }
      const url = optionOf(call, 'url')
      const server = url ? undefined : await startServer(bank.rt, { port: 0 })
      try {
        const key = optionOf(call, 'key') ?? (await demoKey(bank.rt))
        const visits = ['--visits', String(numberOf(call, 'visits', 500))]
        const playing = bar('Visits')
        const said = await runDemo('play', order, ['--url', url ?? server!.url, ...visits], playing.to, {
          RIVERSIDE_KEY: key,
        })
        playing.end()
        const played = JSON.parse(said) as Record<string, unknown>
        call.answer(played, JSON.stringify(played, null, 2))
        return 0
      } finally {
        await server?.close()
      }
    } finally {
      await bank.close()
    }
  },
}
