import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Identity, isAlive, ownIdentity } from './identity.ts'

let entered = 0

/**
 * Notes that this process, or the one given, uses what the folder stands for. Returns how to leave; what a process
 * did not leave counts as left when it has ended.
 */
export function enter(folder: string, identity: Identity = ownIdentity()): { leave(): void } {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${process.pid}-${++entered}`)
  writeFileSync(file, identity)
  return { leave: () => rmSync(file, { force: true }) }
}

/** How many uses by live processes the folder holds; notes of dead ones are removed on the way. */
export function residents(folder: string): number {
  let files: string[]
  try {
    files = readdirSync(folder)
  } catch {
    return 0
  }
  let live = 0
  for (const file of files) {
    let identity = ''
    try {
      identity = readFileSync(join(folder, file), 'utf8')
    } catch {
      continue
    }
    // An empty note is one being written this very moment.
    if (identity === '' || isAlive(identity)) live++
    else rmSync(join(folder, file), { force: true })
  }
  return live
}
