import pino from 'pino'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Log, Runtime } from '#platform/runtime'

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

/** What a module counts or times as it happens: one name, one meaning, few values of each label and never an id. */
export interface Family {
  readonly kind: 'counter' | 'histogram'
  /** 'clientele_decisions_total'. */
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
  /** Of a histogram: upper bounds, in the unit that its name ends with. */
  readonly buckets?: readonly number[]
}

/** What is read from the stores when somebody asks for the metrics. */
export interface Reading {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
  read(rt: Runtime): Promise<readonly { labels?: Readonly<Record<string, string>>; value: number }[]>
}

/** Metrics of one server process. Each process has its own registry, so that tests do not share numbers. */
export interface Metrics {
  readonly registry: Registry
  /** For #platform/http: the route's pattern, method and class of status; never ids. */
  observe(route: { method: string; url: string }): (status: number, seconds: number) => void
  readonly outboxCustomers: Gauge
  readonly outboxOldestSeconds: Gauge
  /** Adds to a counter, or notes a value in a histogram. */
  note(family: Family, labels: Readonly<Record<string, string>>, value: number): void
  /** The text format; readings are taken now, and one that fails is left out. */
  text(rt?: Runtime, readings?: readonly Reading[]): Promise<string>
}

// The numbers of a process belong to its runtime: two servers in one test count for themselves.
const metricsByRuntime = new WeakMap<Runtime['config'], Metrics>()
export function metricsOf({ config }: Pick<Runtime, 'config'>): Metrics {
  let found = metricsByRuntime.get(config)
  if (!found) {
    found = metrics()
    metricsByRuntime.set(config, found)
  }
  return found
}

/** Counts something that happened; call it when it cannot be undone any more. */
export const count = (rt: Runtime, family: Family, labels: Readonly<Record<string, string>>, by = 1): void =>
  metricsOf(rt).note(family, labels, by)

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
  const noted = new Map<string, (labels: Record<string, string>, value: number) => void>()
  const made = ({ kind, name, help, labels, buckets }: Family) => {
    const labelNames = [...labels]
    if (kind === 'counter') {
      const counter = new Counter({ name, help, labelNames, registers: [registry] })
      return (values: Record<string, string>, by: number) => counter.inc(values, by)
    }
    const spans = buckets ? { buckets: [...buckets] } : {}
    const histogram = new Histogram({ name, help, labelNames, ...spans, registers: [registry] })
    return (values: Record<string, string>, value: number) => histogram.observe(values, value)
  }
  const gauges = new Map<string, Gauge>()
  async function take(rt: Runtime, { name, help, labels, read }: Reading): Promise<void> {
    let gauge = gauges.get(name)
    if (!gauge) {
      gauge = new Gauge({ name, help, labelNames: [...labels], registers: [registry] })
      gauges.set(name, gauge)
    }
    // What was there the last time and is no more must not stay for ever.
    gauge.reset()
    try {
      for (const { labels: values, value } of await read(rt)) gauge.set({ ...values }, value)
    } catch (error) {
      registry.removeSingleMetric(name)
      gauges.delete(name)
      rt.log.warn({ metric: name, error }, 'a metric could not be read and is left out')
    }
  }
  return {
    registry,
    note(family, labels, value) {
      let note = noted.get(family.name)
      if (!note) {
        note = made(family)
        noted.set(family.name, note)
      }
      note({ ...labels }, value)
    },
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
    async text(rt, readings = []) {
      if (rt) for (const reading of readings) await take(rt, reading)
      return registry.metrics()
    },
  }
}

interface Described {
  name: string
  help: string
  type: string
  labelNames?: readonly string[]
}

/** The reference page of this system's own metrics: those of every process, and what modules count and read. */
export function metricsReference(families: readonly Family[] = [], readings: readonly Reading[] = []): string {
  const found = [
    ...(metrics({ withProcess: false }).registry.getMetricsAsArray() as unknown as Described[]),
    ...families.map(({ kind, name, help, labels }) => ({ name, help, type: kind, labelNames: labels })),
    ...readings.map(({ name, help, labels }) => ({ name, help, type: 'gauge', labelNames: labels })),
  ]
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
