/**
 * The load process of bench/decisions: autocannon for the highest rate, and arrivals that do not wait for answers for
 * the latency at a given rate. A latency counts from the moment a request should have been sent, so that a server that
 * stops for a second is seen to have stopped.
 */
import { connect, type Socket } from 'node:net'
import autocannon from 'autocannon'

export interface Load {
  host: string
  port: number
  path: string
  key: string
  customers: number
  connections: number
  seconds: number
  /** Requests per second; absent: as many as the server answers. */
  rate?: number
}

export interface Loaded {
  perSecond: number
  p50Ms: number
  p99Ms: number
  answered: number
  failed: number
}

/** Customers in no order, seldom twice: a bank's visitors. */
const visitors = (customers: number) => {
  let state = 0x9e3779b9
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0
    return 1 + (state % customers)
  }
}

const bodyFor = (customerId: number): string =>
  JSON.stringify({ customerId, channel: 'app', placement: 'app_home', actionsMax: 1 })

/** The highest rate: each connection asks again as soon as it is answered. */
async function flood({ host, port, path, key, customers, connections, seconds }: Load): Promise<Loaded> {
  const next = visitors(customers)
  const result = await autocannon({
    url: `http://${host}:${port}${path}`,
    connections,
    duration: seconds,
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    setupClient: (client) =>
      client.setRequests(Array.from({ length: 500 }, () => ({ method: 'POST' as const, path, body: bodyFor(next()) }))),
  })
  return {
    perSecond: result['2xx'] / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    answered: result['2xx'],
    failed: result.non2xx + result.errors + result.timeouts,
  }
}

interface Sent {
  dueMs: number
}

/** A connection that carries one request at a time and reads no more of an answer than its status and length. */
function connection(
  load: Load,
  done: (sent: Sent, ok: boolean) => void,
): Promise<{ send(sent: Sent, text: string): void; socket: Socket }> {
  return new Promise((resolve, reject) => {
    const socket = connect(load.port, load.host)
    let current: Sent | undefined
    let read = ''
    socket.setNoDelay(true)
    socket.setEncoding('latin1')
    socket.once('error', reject)
    socket.on('data', (part: string) => {
      read += part
      const head = read.indexOf('\r\n\r\n')
      if (head < 0) return
      const length = Number(/content-length: (\d+)/i.exec(read.slice(0, head))?.[1] ?? 0)
      if (read.length < head + 4 + length) return
      const ok = read.startsWith('HTTP/1.1 2')
      read = ''
      const sent = current!
      current = undefined
      done(sent, ok)
    })
    socket.once('connect', () =>
      resolve({
        socket,
        send: (sent, text) => {
          current = sent
          socket.write(text)
        },
      }),
    )
  })
}

/** Arrivals at a rate, spread like people: the gaps are exponential. */
async function arrivals(load: Load): Promise<Loaded> {
  const { host, port, path, key, customers, seconds } = load
  const rate = load.rate!
  const next = visitors(customers)
  const latencies: number[] = []
  const waiting: Sent[] = []
  let failed = 0
  const head = `POST ${path} HTTP/1.1\r\nhost: ${host}:${port}\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\n`
  const text = (): string => {
    const body = bodyFor(next())
    return `${head}content-length: ${body.length}\r\n\r\n${body}`
  }
  const idle: Awaited<ReturnType<typeof connection>>[] = []
  const all: Socket[] = []
  for (let n = 0; n < load.connections; n++) {
    const one: Awaited<ReturnType<typeof connection>> = await connection(load, (sent, ok) => {
      if (ok) latencies.push(performance.now() - sent.dueMs)
      else failed++
      const late = waiting.shift()
      if (late) one.send(late, text())
      else idle.push(one)
    })
    idle.push(one)
    all.push(one.socket)
  }
  const startMs = performance.now()
  const endMs = startMs + seconds * 1000
  let dueMs = startMs
  let due = 0
  await new Promise<void>((resolve) => {
    const turn = (): void => {
      const nowMs = performance.now()
      while (dueMs <= nowMs && dueMs < endMs) {
        const sent = { dueMs }
        const free = idle.pop()
        if (free) free.send(sent, text())
        else waiting.push(sent)
        due++
        dueMs += (-Math.log(1 - Math.random()) * 1000) / rate
      }
      if (dueMs >= endMs && (latencies.length + failed >= due || nowMs > endMs + 10_000)) resolve()
      else setTimeout(turn, 1)
    }
    turn()
  })
  for (const socket of all) socket.destroy()
  latencies.sort((a, b) => a - b)
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN
  return {
    perSecond: latencies.length / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    answered: latencies.length,
    failed: failed + (due - latencies.length - failed),
  }
}

if (process.send)
  process.on('message', (load: Load) =>
    (load.rate === undefined ? flood(load) : arrivals(load)).then(
      (loaded) => process.send!({ loaded }),
      (error) => process.send!({ failed: String(error) }),
    ),
  )
