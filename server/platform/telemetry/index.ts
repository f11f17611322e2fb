import pino from 'pino'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Log } from '#platform/runtime'

/** Field names that could hold somebody's data or a secret: they never reach a log, at whatever depth of two. */
const NEVER_LOGGED = [
  'name',
  'fullName',
  'givenName',
  'familyName',
  'email',
  'phone',
  'address',
  'birthOn',
  'password',
  'secret',
  'token',
  'authorization',
  'cookie',
  'payload',
  'body',
]

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** What a failure may say in a log: its kind and place, and of a database's complaint not the values it quotes. */
function errorFacts(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const {
    name,
    message,
    stack,
    code,
    constraint_name: constraint,
  } = error as Error & { code?: string; constraint_name?: string }
  return {
    kind: name,
    message: code?.startsWith('22') || code?.startsWith('23') ? 'refused by the store' : message,
    code,
    constraint,
    at: stack
      ?.split('\n')
      .slice(1, 6)
      .map((line) => line.trim()),
  }
}

/** A structured log: one JSON object a line, ids in facts and never values. `stream`: where to; standard error unless given. */
export function logTo(level: LogLevel, stream: { write(line: string): void } = process.stderr): Log {
  const paths = NEVER_LOGGED.flatMap((field) => [field, `*.${field}`])
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: errorFacts },
      redact: { paths, censor: '(not logged)' },
    },
    stream,
  )
}

/** Metrics of one server process. Each process has its own registry, so that tests do not share numbers. */
export interface Metrics {
  readonly registry: Registry
  /** For #platform/http: the route's pattern, method and class of status; never ids. */
  observe(route: { method: string; url: string }): (status: number, seconds: number) => void
  readonly outboxCustomers: Gauge
  readonly outboxOldestSeconds: Gauge
  text(): Promise<string>
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** @param withProcess whether to add the process's own numbers (memory, event loop, collections). */
export function metrics({ withProcess = true } = {}): Metrics {
  const registry = new Registry()
  if (withProcess) collectDefaultMetrics({ register: registry, prefix: 'clientele_' })
  const requests = new Counter({
    name: 'clientele_http_requests_total',
    help: 'Answered requests by route, method and status.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'clientele_http_request_seconds',
    help: 'Seconds from the arrival of a request’s headers to the end of its answer.',
    labelNames: ['method', 'route'],
    buckets: SECONDS,
    registers: [registry],
  })
  const outboxCustomers = new Gauge({
    name: 'clientele_outbox_customers',
    help: 'Customers with messages on their way.',
    registers: [registry],
  })
  const outboxOldestSeconds = new Gauge({
    name: 'clientele_outbox_oldest_seconds',
    help: 'For how long the oldest message on its way has been due.',
    registers: [registry],
  })
  return {
    registry,
    outboxCustomers,
    outboxOldestSeconds,
    observe({ method, url }) {
      // Labels are hashed once here, not at each request.
      const time = seconds.labels(method, url)
      const counters = new Map<number, { inc(): void }>()
      return (status, took) => {
        time.observe(took)
        let counter = counters.get(status)
        if (counter === undefined) {
          counter = requests.labels(method, url, String(status))
          counters.set(status, counter)
        }
        counter.inc()
      }
    },
    text: () => registry.metrics(),
  }
}

interface Described {
  name: string
  help: string
  type: string
  labelNames?: readonly string[]
}

/** The reference page of this system's own metrics. */
export function metricsReference(): string {
  const found = metrics({ withProcess: false }).registry.getMetricsAsArray() as unknown as Described[]
  const kindOf = (metric: Described): string => metric.type ?? metric.constructor.name.toLowerCase()
  return [
    '# Metrics',
    '',
    '`GET /metrics` gives these in the Prometheus text format, and those of Node itself (`clientele_process_*`, `clientele_nodejs_*`) beside them.',
    '',
    '| name | kind | labels | what |',
    '|---|---|---|---|',
    ...found
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(
        (metric) =>
          `| \`${metric.name}\` | ${kindOf(metric)} | ${(metric.labelNames ?? []).join(', ')} | ${metric.help} |`,
      ),
    '',
  ].join('\n')
}
