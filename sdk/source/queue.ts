import type { ClienteleError, Said } from '../clientele.d.ts'
import type { Tokens } from './token.ts'
import type { Call } from './wire.ts'

const KEPT_MAX = 500
const KEPT_MS = 7 * 86_400_000
const PAUSE_MS = [1000, 2000, 5000, 15_000, 60_000]

interface Entry {
  path: string
  body: { key: string; occurredAt: string }
}

/** Something the customer did, kept under a key of its own: tabs that write at once cannot lose each other's. */
interface Shelf {
  keys(): string[]
  read(key: string): Entry | undefined
  write(key: string, entry: Entry): void
  drop(key: string): void
}

/** The browser's own store, or the page's memory where that is forbidden or full. */
function shelfOf(prefix: string): Shelf {
  const memory = new Map<string, string>()
  const store = ((): Storage | undefined => {
    try {
      localStorage.setItem(`${prefix}?`, '1')
      localStorage.removeItem(`${prefix}?`)
      return localStorage
    } catch {
      return undefined
    }
  })()
  return {
    keys: () => [...memory.keys(), ...(store ? Object.keys(store) : [])].filter((key) => key.startsWith(prefix)).sort(),
    read(key) {
      try {
        return JSON.parse(memory.get(key) ?? store?.getItem(key) ?? 'null') ?? undefined
      } catch {
        return undefined
      }
    },
    write(key, entry) {
      const text = JSON.stringify(entry)
      try {
        if (!store) throw 0
        store.setItem(key, text)
      } catch {
        memory.set(key, text)
      }
    },
    drop(key) {
      memory.delete(key)
      store?.removeItem(key)
    },
  }
}

export interface Queue {
  /** Keeps it and sends it in its turn. The promise is kept when it was sent, refused, or found that it must wait. */
  add(path: string, body: object): Promise<Said>
  waiting(): number
  stop(): void
}

/** A random name: what is said again under it has no second effect. */
const name = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/**
 * What the customer did, in the order in which it was done, sent once each: also when there is no connection, when the
 * page is left, and from several tabs at once.
 */
export function queue(url: string, tokens: Tokens, call: Call, onError: (error: ClienteleError) => void): Queue {
  let customer = ''
  let shelf: Shelf | undefined
  let lastMs = 0
  let failures = 0
  let running = false
  let again = false
  let stopped = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const waiting = new Map<string, (said: Said) => void>()

  /** Opens what is kept for the customer whose token this is; undefined while nobody is known to have signed in. */
  const open = async (): Promise<Shelf | undefined> => {
    const token = shelf ? undefined : await tokens.take()
    if (!shelf && token) {
      customer = tokens.whose(token)
      shelf = shelfOf(`clientele ${url} ${customer} `)
    }
    return shelf
  }

  const settle = (key: string, said: Said): void => {
    const tell = waiting.get(key)
    waiting.delete(key)
    // Who was told that it waits is told again when it has gone.
    tell?.(said.kept ? { ...said, later: new Promise((resolve) => waiting.set(key, resolve)) } : said)
  }

  const later = (ms: number): void => {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(run, ms)
  }

  /** Milliseconds until another try: longer each time, and not the same for everybody. */
  const pause = (): number => PAUSE_MS[Math.min(failures++, PAUSE_MS.length - 1)]! * (0.75 + Math.random() / 2)

  /** Sends what is kept, the oldest first; stops at the first that must wait, so that the order holds. */
  const send = async (): Promise<void> => {
    const kept = await open()
    if (!kept) return later(pause())
    for (let [key] = kept.keys(); key !== undefined && !stopped; [key] = kept.keys()) {
      const entry = kept.read(key)
      if (!entry || Date.now() - Date.parse(entry.body.occurredAt) > KEPT_MS) {
        kept.drop(key)
        continue
      }
      const { status, body, waitMs, error } = await call('POST', entry.path, entry.body, customer)
      if (error && (status === 0 || status === 401 || status === 429 || status >= 500)) {
        for (const one of [...waiting.keys()]) settle(one, { sent: false, kept: true, error })
        if (error.code !== 'offline') onError(error)
        return later(waitMs || pause())
      }
      failures = 0
      kept.drop(key)
      if (error) {
        onError(error)
        settle(key, { sent: false, kept: false, error })
      } else settle(key, { sent: true, kept: false, state: body?.state, awaiting: body?.awaiting ?? null })
    }
    // What another tab has sent for us.
    for (const key of [...waiting.keys()]) if (!kept.read(key)) settle(key, { sent: true, kept: false })
  }

  /** One sender among all tabs where the browser can say so; where it can't, the keys make a second sending harmless. */
  async function run(): Promise<void> {
    if (running) {
      again = true
      return
    }
    running = true
    try {
      if (navigator.locks) await navigator.locks.request(`clientele ${url}`, send)
      else await send()
    } finally {
      running = false
      if (again) later(0)
      again = false
    }
  }

  const online = (): void => {
    failures = 0
    later(0)
  }
  addEventListener('online', online)
  later(0)
  return {
    async add(path, body) {
      const kept = await open()
      if (!kept) {
        const error = { status: 0, code: 'no_token', message: 'Nobody is known to have signed in.' }
        onError(error)
        return { sent: false, kept: false, error }
      }
      lastMs = Math.max(Date.now(), lastMs + 1)
      const key = `clientele ${url} ${customer} ${lastMs.toString(36).padStart(9, '0')}${name().slice(0, 6)}`
      kept.write(key, { path, body: { ...body, key: name(), occurredAt: new Date().toISOString() } })
      for (const old of kept.keys().slice(0, -KEPT_MAX)) kept.drop(old)
      return new Promise((resolve) => {
        waiting.set(key, resolve)
        later(0)
      })
    },
    waiting: () => shelf?.keys().length ?? 0,
    stop() {
      stopped = true
      clearTimeout(timer)
      removeEventListener('online', online)
      for (const key of [...waiting.keys()]) settle(key, { sent: false, kept: true })
    },
  }
}
