/** The load process of bench/intake: makes all requests first, then sends them over a few connections. */
import { Agent, request } from 'node:http'

export interface Load {
  url: string
  key: string
  from: number
  count: number
  customers: number
  perRequest: number
}

export interface Loaded {
  given: number
  applied: number
  duplicate: number
  quarantined: number
  durationMs: number
}

const CONNECTIONS = 8
const TYPES = ['web.page_viewed', 'card.authorised', 'application.step', 'app.opened']

/** Event number n; a customer has a few of them, in no order. */
export const eventOf = (n: number, customers: number) => ({
  source: 'bench',
  id: `${(Math.imul(n, 2654435761) >>> 0).toString(16).padStart(8, '0')}-${n}`,
  type: TYPES[n % TYPES.length]!,
  customerId: 1 + ((n * 7919) % customers),
  occurredAt: new Date(Date.UTC(2026, 0, 1) + ((n * 104_729) % 5_000_000_000)).toISOString(),
  payload: { path: `/products/${n % 97}`, amount_minor: (n * 31) % 100_000, device: n % 2 ? 'phone' : 'tablet' },
})

function* requests({ from, count, customers, perRequest }: Load): Generator<Buffer> {
  for (let at = from; at < from + count; at += perRequest) {
    const lines: string[] = []
    for (let n = at; n < at + perRequest; n++) {
      const line = JSON.stringify(eventOf(n, customers))
      lines.push(line)
      // What is delivered twice comes again within the request or the next one.
      if (n % 20 === 0)
        lines.push(n % 40 === 0 || n < from + perRequest ? line : JSON.stringify(eventOf(n - perRequest, customers)))
    }
    yield Buffer.from(lines.join('\n'))
  }
}

async function send(load: Load): Promise<Loaded> {
  const bodies = [...requests(load)]
  process.send!({ ready: true })
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const sum: Loaded = { given: 0, applied: 0, duplicate: 0, quarantined: 0, durationMs: 0 }
  const began = performance.now()
  const connection = async (): Promise<void> => {
    for (let body = bodies.shift(); body; body = bodies.shift()) {
      const reply = await post(load, agent, body)
      sum.given += reply.given
      sum.applied += reply.applied
      sum.duplicate += reply.duplicate
      sum.quarantined += reply.quarantined
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, connection))
  sum.durationMs = performance.now() - began
  agent.destroy()
  return sum
}

const post = ({ url, key }: Load, agent: Agent, body: Buffer): Promise<Loaded> =>
  new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/x-ndjson',
      'content-length': body.length,
    }
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part) => {
        text += part
      })
      response.on('end', () =>
        response.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(`${response.statusCode}: ${text}`)),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })

if (process.send)
  process.once('message', (load: Load) =>
    send(load).then(
      (loaded) => process.send!({ loaded }),
      (error) => process.send!({ failed: String(error) }),
    ),
  )
