import { parseArgs } from 'node:util'
import { isProblem, Problem } from '#platform/errors'
import type { Verb } from './verb.ts'
import { backup, exportVerb, restore } from './verbs/backup.ts'
import { bench } from './verbs/bench.ts'
import { check } from './verbs/check.ts'
import { decide, respond } from './verbs/decide.ts'
import { demo } from './verbs/demo.ts'
import { importVerb } from './verbs/import.ts'
import { playbook } from './verbs/playbook.ts'
import { start } from './verbs/start.ts'

const VERBS: Verb[] = [start, importVerb, playbook, decide, respond, check, backup, restore, exportVerb, bench, demo]

const COMMON = {
  json: { type: 'boolean' as const, default: false },
  'data-dir': { type: 'string' as const },
  help: { type: 'boolean' as const, short: 'h', default: false },
}

function help(): string {
  const width = Math.max(...VERBS.map((verb) => verb.usage.length))
  return [
    'clientele: the open customer-management system for retail banks',
    '',
    'Usage: ./clientele <verb> [arguments] [options]',
    '',
    ...VERBS.map((verb) => `  ${verb.usage.padEnd(width)}  ${verb.sentence}`),
    '',
    'Every verb takes:',
    '  --json            the answer as one JSON object on standard output',
    '  --data-dir DIR    where the embedded stores live (or CLIENTELE_DATA_DIR; by default ./data)',
    '  --help            what a verb takes',
    '',
    'Exit status: 0 done, 1 something does not hold, 2 the command or its input is wrong, 3 something failed.',
  ].join('\n')
}

function helpOf(verb: Verb): string {
  const lines = [`Usage: ./clientele ${verb.usage}`, '', verb.sentence]
  const options = Object.entries(verb.options)
  if (options.length > 0) {
    lines.push('', 'Options:')
    for (const [name, option] of options) lines.push(`  --${name.padEnd(16)} ${option.sentence}`)
  }
  return lines.join('\n')
}

/** The lake repeats the whole statement in what it complains of; the beginning and the end say what it was. */
const shortened = (text: string): string => (text.length <= 1200 ? text : `${text.slice(0, 900)} … ${text.slice(-250)}`)

function complain(error: unknown, json: boolean): number {
  const problem = isProblem(error)
    ? error
    : new Problem(
        'fault',
        'fault',
        {},
        shortened(error instanceof Error ? error.message : String(error)),
        'This is a defect: please report it.',
      )
  if (json) process.stdout.write(`${JSON.stringify(problem.toJSON())}\n`)
  else {
    process.stderr.write(`clientele: ${problem.message}\n`)
    for (const [name, value] of Object.entries(problem.facts))
      process.stderr.write(`  ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}\n`)
    if (problem.next) process.stderr.write(`  What to do: ${problem.next}\n`)
  }
  if (!isProblem(error) && error instanceof Error && process.env.CLIENTELE_TRACE)
    process.stderr.write(`${error.stack}\n`)
  return problem.kind === 'fault' || problem.kind === 'unavailable' ? 3 : 2
}

async function main(argv: string[]): Promise<number> {
  const [name = '--help', ...rest] = argv
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${help()}\n`)
    return 0
  }
  const verb = VERBS.find((candidate) => candidate.name === name)
  if (!verb) {
    process.stderr.write(`clientele: there is no verb "${name}".\n\n${help()}\n`)
    return 2
  }
  const json = rest.includes('--json')
  // Somebody reads what a verb says; a server's log is read by machines.
  process.env.CLIENTELE_LOG_LEVEL ??= name === 'start' && !process.stderr.isTTY ? 'info' : 'warn'
  try {
    const options = {
      ...COMMON,
      ...Object.fromEntries(Object.entries(verb.options).map(([key, o]) => [key, { type: o.type }])),
    }
    let parsed: ReturnType<typeof parseArgs>
    try {
      parsed = parseArgs({ args: rest, options, allowPositionals: true, strict: true })
    } catch (error) {
      throw new Problem('invalid', 'command_line', {}, (error as Error).message, `See ./clientele ${verb.name} --help.`)
    }
    if (parsed.values.help) {
      process.stdout.write(`${helpOf(verb)}\n`)
      return 0
    }
    const dataDir = (parsed.values['data-dir'] as string | undefined) ?? process.env.CLIENTELE_DATA_DIR ?? 'data'
    return await verb.run({
      dataDir,
      json,
      positionals: parsed.positionals,
      options: parsed.values as Record<string, string | boolean | undefined>,
      say: (sentence) => process.stderr.write(`${sentence}\n`),
      answer: (value, text) => process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${text}\n`),
    })
  } catch (error) {
    return complain(error, json)
  }
}

// A reader that stops early (head, less) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
})

process.exitCode = await main(process.argv.slice(2))
// Stores are closed by their verbs; what a library leaves open must not keep the command waiting.
if (process.exitCode !== undefined) setTimeout(() => process.exit(), 2_000).unref()
