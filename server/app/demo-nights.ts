import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unfinishedBank } from '#app/demo-bank'
import { giveFile } from '#know/sources'
import type { Source } from '#know/sources/contract'
import { addDays, localDate } from '#platform/clock'
import type { Runtime } from '#platform/runtime'
import { systemActor } from '#trust/access'
import { activeRevision, bankOf, documentsOf } from '#trust/playbook'

const EVERY_MS = 1_800_000

/** The newest of the files of a folder that a source's pattern names. */
function newest(folder: string, pattern: string): string | undefined {
  const [before = '', after = ''] = pattern.split('*')
  const names = readdirSync(folder).filter(
    (name) => name === pattern || (pattern.includes('*') && name.startsWith(before) && name.endsWith(after)),
  )
  return names.sort().at(-1)
}

/**
 * One night of the demo bank's core, in which nothing changed but what was told in the course of the day: of each source
 * that is due nightly the newest file is given again, with a control file of yesterday's date. Without it the bank of a
 * few days ago would be late, and most of its actions would wait. Answers the sources that were given.
 */
export async function quietNight(rt: Runtime, folder: string): Promise<string[]> {
  const revision = await activeRevision(rt)
  const businessDate = addDays(localDate(rt.clock.now(), bankOf(revision).zone), -1)
  const given: string[] = []
  for (const source of documentsOf<Source>(revision, 'source')) {
    const name = source.due && newest(folder, source.file)
    if (!name) continue
    const path = join(folder, name)
    const control = path.replace(/\.csv$/, '.control.json')
    const totals = JSON.parse(readFileSync(control, 'utf8')) as object
    writeFileSync(control, `${JSON.stringify({ ...totals, businessDate })}\n`)
    await giveFile(rt, { source, path, folder, actor: systemActor('demo bank') })
    given.push(source.id)
  }
  return given
}

/** Lets the nights of a whole demo bank pass while the server runs; the answer ends them. */
export function quietNights(rt: Runtime, { folder, madeOn }: { folder: string; madeOn: string }): () => void {
  let last = madeOn
  let under = false
  const look = async (): Promise<void> => {
    const today = localDate(rt.clock.now(), bankOf(await activeRevision(rt)).zone)
    // What is still being made is given by whoever makes it.
    if (under || today <= last || unfinishedBank(rt)) return
    under = true
    try {
      await quietNight(rt, folder)
      last = today
    } finally {
      under = false
    }
  }
  const quietly = (): void =>
    void look().catch((error: unknown) =>
      rt.log.warn({ error: String(error) }, 'the demo bank’s night did not come in'),
    )
  quietly()
  const timer = setInterval(quietly, EVERY_MS)
  return () => clearInterval(timer)
}
