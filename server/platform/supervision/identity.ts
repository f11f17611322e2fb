import { readFileSync } from 'node:fs'

/** A process id and the clock tick in which that process began: "4711@88123". Ids are recycled, identities are not. */
export type Identity = string

/** Field 22 of /proc/<pid>/stat; the second field may itself hold spaces and brackets, so count from its end. */
function beganAt(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended; only its parent has not noticed yet.
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

function signalReaches(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The identity of a running process; undefined when it does not run. */
export function identityOf(pid: number): Identity | undefined {
  if (process.platform === 'linux') {
    const began = beganAt(pid)
    return began === undefined ? undefined : `${pid}@${began}`
  }
  return signalReaches(pid) ? `${pid}@` : undefined
}

export const ownIdentity = (): Identity => identityOf(process.pid) ?? `${process.pid}@`

export const isAlive = (identity: Identity): boolean => identityOf(Number.parseInt(identity, 10)) === identity

/** Resolves true as soon as the process has ended, false when it still runs after timeoutMs. */
export async function ended(identity: Identity, timeoutMs: number): Promise<boolean> {
  const until = performance.now() + timeoutMs
  while (isAlive(identity)) {
    if (performance.now() > until) return false
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return true
}

/** Sends the signal to that very process, never to another that got its id. Returns whether it was there. */
export function signal(identity: Identity, name: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false
  try {
    process.kill(Number.parseInt(identity, 10), name)
    return true
  } catch {
    return false
  }
}
