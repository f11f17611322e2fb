import type { Runtime } from '#platform/runtime'
import { prepareWaiting } from './activation.ts'
import { monotonicMs, nameServer, unnameServer } from './events.ts'
import { registeredLooks } from './registrations.ts'
import { activeRevision, refresh } from './running.ts'
import { beat, readSpoken, removeServer } from './store.ts'

/** How often a server asks when nobody wakes it. Well within FRESH_MS, so that requests never have to ask. */
const LOOK_MS = 400
const BEAT_MS = 2000

/** A server that follows the playbook. */
export interface Follower {
  serverId: string
  /** Looks now, as a notification does: for tests that don't wait. */
  look(): Promise<void>
  close(): Promise<void>
}

/**
 * Keeps this server's memory of the playbook and the stops fresh, says every two seconds that it lives, and prepares
 * revisions that were approved. Woken by the database, and looking by itself besides: a lost connection or a paused
 * process makes it slower to hear, never wrong, since what is older than a second is read again before use.
 */
export async function followPlaybook(rt: Runtime, options: { name: string }): Promise<Follower> {
  const serverId = rt.ids.next()
  let closed = false
  let beatenMs = Number.NEGATIVE_INFINITY
  let looking: Promise<void> = Promise.resolve()
  let preparing: Promise<void> | undefined
  const done = new Set<string>()
  const failed = (error: unknown): void => {
    if (!closed) rt.log.warn({ error: String(error) }, 'the playbook could not be read; trying again')
  }

  const lookOnce = async (): Promise<void> => {
    await refresh(rt)
    for (const look of registeredLooks()) await look(rt)
    if (monotonicMs() - beatenMs >= BEAT_MS) {
      const { sequence } = await activeRevision(rt)
      await beat(rt.db, { serverId, name: options.name, sequence })
      beatenMs = monotonicMs()
      // A failure that somebody asked to be tried again is no longer among what this server has said.
      const spoken = new Set(await readSpoken(rt.db, serverId))
      for (const revision of done) if (!spoken.has(revision)) done.delete(revision)
    }
    // Beside the looking, never before it: a long preparation must not make this server look dead, or it would be
    // passed over in the activation that it is preparing for.
    preparing ??= prepareWaiting(rt, serverId, done)
      .catch(failed)
      .finally(() => {
        preparing = undefined
      })
  }
  const look = (): Promise<void> => {
    looking = looking.then(() => (closed ? undefined : lookOnce())).catch(failed)
    return looking
  }

  await lookOnce()
  nameServer(rt, serverId)
  const listening = await rt.db.listen('playbook', (payload) => {
    if (payload === 'prepare') beatenMs = Number.NEGATIVE_INFINITY
    void look()
  })
  const timer = setInterval(() => void look(), LOOK_MS)
  timer.unref()
  return {
    serverId,
    look,
    async close() {
      closed = true
      clearInterval(timer)
      unnameServer(rt)
      await looking
      await preparing
      await listening.unlisten().catch(() => undefined)
      await removeServer(rt.db, serverId).catch(() => undefined)
    },
  }
}
