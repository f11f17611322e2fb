import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Imported, importFolder } from '#know/sources'
import { localDate } from '#platform/clock'
import { fault } from '#platform/errors'
import type { Runtime } from '#platform/runtime'
import { createKey, systemActor } from '#trust/access'

const ROOT = join(import.meta.dirname, '../..')
export const RIVERSIDE = join(ROOT, 'playbooks/riverside')

/** What the demo bank's systems may do; it is a client like any other. */
const KEY_PERMISSIONS = ['know.events:create', 'know.customers:read', 'engage.inbound:ask', 'engage.inbound:respond']

export interface DemoBank {
  customers: number
  seed: number
  years: number
  /** Where its files go: under the data directory, since they are what the server is given. */
  folder: string
  /** The day on which the bank is looked at. */
  today: string
}

export const demoBank = (rt: Runtime, { customers = 20_000, seed = 7, years = 2 } = {}): DemoBank => ({
  customers,
  seed,
  years,
  folder: join(rt.config.stores.dataDir, 'riverside'),
  today: localDate(rt.clock.now(), 'Europe/Berlin'),
})

/** Runs the demo bank's own process; it speaks to the server only through its files and over HTTP. */
export function runDemo(
  verb: string,
  bank: DemoBank,
  more: readonly string[],
  progress: (share: number, sentence: string) => void,
  env: Record<string, string> = {},
): Promise<string> {
  const args = [
    ...['--disable-warning=ExperimentalWarning', join(ROOT, 'demo/main.ts'), verb, '--json'],
    ...['--size', String(bank.customers), '--seed', String(bank.seed), '--years', String(bank.years)],
    ...['--today', bank.today, '--out', bank.folder, ...more],
  ]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  const errors: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    try {
      const { done, total, what } = JSON.parse(line) as { done: number; total: number; what: string }
      progress(done / total, what)
    } catch {
      errors.push(line)
    }
  })
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      // 1: it answered, and something in the answer does not hold.
      if (code === 0 || (code === 1 && said !== '')) resolve(said)
      else
        reject(
          fault(
            'demo_bank',
            { verb, exitCode: code, said: errors.slice(-5) },
            'The demo bank’s process ended early.',
            'See what it said.',
          ),
        )
    })
  })
}

/** Makes the people, holdings and newest months, and takes them in: the bank can then be used. */
export async function bringRecent(
  rt: Runtime,
  bank: DemoBank,
  progress: (share: number, sentence: string) => void,
): Promise<Imported> {
  rmSync(bank.folder, { recursive: true, force: true })
  mkdirSync(bank.folder, { recursive: true })
  await runDemo('generate', bank, [], (share, what) => progress(0.2 * share, what))
  return importFolder(rt, {
    playbookFolder: RIVERSIDE,
    dataFolder: bank.folder,
    actor: systemActor('demo bank'),
    progress: (share, what) => progress(0.2 + 0.8 * share, what),
  })
}

/** Makes the months before and takes them in; attributes are then computed over all of them. */
export async function bringHistory(
  rt: Runtime,
  bank: DemoBank,
  progress: (share: number, sentence: string) => void,
): Promise<Imported> {
  await runDemo('history', bank, [], (share, what) => progress(0.2 * share, what))
  return importFolder(rt, {
    dataFolder: bank.folder,
    actor: systemActor('demo bank'),
    progress: (share, what) => progress(0.2 + 0.8 * share, what),
  })
}

/** Gives the server what the bank's other systems told over HTTP: plans, pages, flights, answers to surveys. */
export const bringEvents = async (rt: Runtime, bank: DemoBank, url: string): Promise<void> => {
  await runDemo('events', bank, ['--url', url], () => {}, { RIVERSIDE_KEY: await demoKey(rt) })
}

const noteOf = (rt: Runtime): string => join(rt.config.stores.dataDir, 'riverside.json')

/** Notes that the demo bank is being made, so that a start after a stop goes on with the same bank, of the same day. */
export function noteBegun(rt: Runtime, { customers, seed, years, today }: DemoBank): void {
  writeFileSync(noteOf(rt), JSON.stringify({ customers, seed, years, today }))
}

/** Notes that nothing of it is missing any more. */
export const noteComplete = (rt: Runtime): void => rmSync(noteOf(rt), { force: true })

/** The demo bank whose making was stopped half-way here, if any. */
export function unfinishedBank(rt: Runtime): DemoBank | undefined {
  if (!existsSync(noteOf(rt))) return undefined
  const begun = JSON.parse(readFileSync(noteOf(rt), 'utf8')) as Omit<DemoBank, 'folder'>
  return { ...demoBank(rt, begun), today: begun.today }
}

/** A key for the demo bank's systems, for a day. */
export const demoKey = async (rt: Runtime): Promise<string> =>
  (
    await createKey(
      rt,
      { title: 'Riverside Bank, demo', permissions: KEY_PERMISSIONS, days: 1 },
      systemActor('demo bank'),
    )
  ).key
