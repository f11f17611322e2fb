/** How a setting is read from text and how its unit is called. `secret` values are never printed. */
export interface Setting<T> {
  readonly env: string
  /** What the number counts, or what the text is. */
  readonly unit: string
  readonly default: T
  /** Why the setting exists and why its default is what it is. */
  readonly reason: string
  readonly expected: string
  readonly secret?: boolean
  /** undefined when the text is not such a value. */
  read(text: string): T | undefined
}

interface Says<T> {
  env: string
  default: T
  reason: string
  secret?: boolean
}

const text = (unit: string, says: Says<string>): Setting<string> => ({
  ...says,
  unit,
  expected: unit,
  read: (found) => found,
})

const optional = (unit: string, says: Omit<Says<string>, 'default'>): Setting<string | undefined> => ({
  ...says,
  default: undefined,
  unit,
  expected: unit,
  read: (found) => found,
})

const url = (protocols: readonly string[], says: Omit<Says<string>, 'default'>): Setting<string | undefined> => ({
  ...says,
  default: undefined,
  unit: 'URL',
  expected: `a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  read: (found) => (URL.canParse(found) && protocols.includes(new URL(found).protocol) ? found : undefined),
})

const whole = (unit: string, min: number, max: number, says: Says<number>): Setting<number> => ({
  ...says,
  unit,
  expected: `a whole number from ${min} to ${max} (${unit})`,
  read: (found) => {
    const value = /^\d{1,15}$/.test(found) ? Number(found) : Number.NaN
    return value >= min && value <= max ? value : undefined
  },
})

const choice = <const T extends string>(values: readonly T[], says: Says<T>): Setting<T> => ({
  ...says,
  unit: 'one of the list',
  expected: `one of ${values.join(', ')}`,
  read: (found) => values.find((value) => value === found),
})

const yesNo = (says: Says<boolean>): Setting<boolean> => ({
  ...says,
  unit: 'yes or no',
  expected: 'yes or no',
  read: (found) => (/^(yes|true|1)$/i.test(found) ? true : /^(no|false|0)$/i.test(found) ? false : undefined),
})

/** Origins "https://bank.example, https://app.bank.example": exact ones, with no path and no wildcard. */
const originList = (says: Omit<Says<readonly string[]>, 'default'>): Setting<readonly string[]> => ({
  ...says,
  default: [],
  unit: 'origins',
  expected: 'origins such as https://bank.example, with a comma between them and no path',
  read: (found) => {
    const origins = found.split(',').map((origin) => origin.trim())
    return origins.every(
      (origin) => URL.canParse(origin) && /^https?:/.test(origin) && new URL(origin).origin === origin,
    )
      ? origins
      : undefined
  },
})

/** Pairs "name=value, name=value". */
const pairs = (
  unit: string,
  says: Says<Readonly<Record<string, string>>>,
): Setting<Readonly<Record<string, string>>> => ({
  ...says,
  unit,
  expected: `${unit}, with a comma between pairs`,
  read: (found) => {
    const split = found.split(',').map((pair) => pair.split('=').map((part) => part.trim()))
    return split.every((pair) => pair.length === 2 && pair[0] && pair[1])
      ? Object.fromEntries(split as [string, string][])
      : undefined
  },
})

const MiB = 1024 * 1024

/** All settings, by section and by the name that code uses. The order is the order of the reference page. */
export const sections = {
  stores: {
    dataDir: text('folder', {
      env: 'CLIENTELE_DATA_DIR',
      default: './data',
      reason: 'Where the embedded stores and their keys live. One folder is one bank; copy it only through backup.',
    }),
    databaseUrl: url(['postgres:', 'postgresql:'], {
      env: 'DATABASE_URL',
      secret: true,
      reason: 'A PostgreSQL server (15 or later) to use. Without it the one inside the data directory is started.',
    }),
    clickhouseUrl: url(['http:', 'https:'], {
      env: 'CLICKHOUSE_URL',
      secret: true,
      reason: 'A ClickHouse server or cluster to use. Without it the one inside the data directory is started.',
    }),
    databaseConnections: whole('connections', 1, 200, {
      env: 'CLIENTELE_DATABASE_CONNECTIONS',
      default: 12,
      reason: 'PostgreSQL connections of one server process. Statements are pipelined, so few connections do much.',
    }),
    statementTimeoutMs: whole('ms', 0, 86_400_000, {
      env: 'CLIENTELE_STATEMENT_TIMEOUT_MS',
      default: 60_000,
      reason: 'A PostgreSQL statement that takes longer is ended. 0 never ends one.',
    }),
    sharedBuffersBytes: whole('bytes', 16 * MiB, 64 * 1024 * MiB, {
      env: 'CLIENTELE_SHARED_BUFFERS_BYTES',
      default: 2048 * MiB,
      reason:
        'Cache of the embedded PostgreSQL, never more than a quarter of the memory. Two gigabytes hold the hot rows of a million customers.',
    }),
    postgresPort: whole('TCP port', 0, 65535, {
      env: 'CLIENTELE_POSTGRES_PORT',
      default: 0,
      reason: 'A loopback port on which the embedded PostgreSQL answers too, for psql or a reporting tool. 0 for none.',
    }),
    queryMemoryBytes: whole('bytes', 64 * MiB, 1024 * 1024 * MiB, {
      env: 'CLIENTELE_QUERY_MEMORY_BYTES',
      default: 2048 * MiB,
      reason: 'A ClickHouse query that needs more is refused, so that one question cannot take the machine.',
    }),
    queryTimeoutMs: whole('ms', 100, 86_400_000, {
      env: 'CLIENTELE_QUERY_TIMEOUT_MS',
      default: 300_000,
      reason: 'A ClickHouse query that takes longer is ended; one that will not stop is ended with its process.',
    }),
    queriesAtOnce: whole('queries', 1, 256, {
      env: 'CLIENTELE_QUERIES_AT_ONCE',
      default: 16,
      reason: 'ClickHouse queries that the embedded child runs at the same time; further ones wait for their turn.',
    }),
  },
  http: {
    host: text('address', {
      env: 'CLIENTELE_HOST',
      default: '127.0.0.1',
      reason: 'The address that the server listens on. Only this machine, until somebody decides otherwise.',
    }),
    port: whole('TCP port', 0, 65535, {
      env: 'CLIENTELE_PORT',
      default: 4000,
      reason: 'The port of the HTTP API. 0 takes any free one.',
    }),
    publicUrl: url(['http:', 'https:'], {
      env: 'CLIENTELE_PUBLIC_URL',
      reason: 'The address that people and other systems use for this server, when it stands behind a proxy.',
    }),
    trustProxy: yesNo({
      env: 'CLIENTELE_TRUST_PROXY',
      default: false,
      reason: 'Whether the caller addresses a proxy reports are believed. Without a proxy, callers could forge them.',
    }),
    origins: originList({
      env: 'CLIENTELE_ORIGINS',
      reason:
        'Origins of the bank’s own pages whose script may ask for one customer’s placements with that customer’s token. Pages of other origins are refused.',
    }),
    drainMs: whole('ms', 0, 600_000, {
      env: 'CLIENTELE_DRAIN_MS',
      default: 10_000,
      reason: 'How long a stopping server lets requests in flight finish before it closes its stores.',
    }),
  },
  access: {
    sessionIdleMinutes: whole('minutes', 1, 1440, {
      env: 'CLIENTELE_SESSION_IDLE_MINUTES',
      default: 30,
      reason: 'A person who does nothing for so long signs in again: screens of a bank are left open.',
    }),
    sessionHours: whole('hours', 1, 168, {
      env: 'CLIENTELE_SESSION_HOURS',
      default: 12,
      reason: 'A session ends after a working day even when it is used all the time.',
    }),
    oidcIssuer: url(['http:', 'https:'], {
      env: 'CLIENTELE_OIDC_ISSUER',
      reason: 'The OpenID Connect provider at which people sign in. Without it, only local accounts.',
    }),
    oidcClientId: optional('text', {
      env: 'CLIENTELE_OIDC_CLIENT_ID',
      reason: 'The name under which the provider knows this server.',
    }),
    oidcClientSecret: optional('text', {
      env: 'CLIENTELE_OIDC_CLIENT_SECRET',
      secret: true,
      reason: 'The secret that the provider gave to this server.',
    }),
    oidcGroups: pairs('pairs group=role', {
      env: 'CLIENTELE_OIDC_GROUPS',
      default: {},
      reason: "Which role a group of the provider gives. Nobody gets a role by a group that isn't listed.",
    }),
  },
  audit: {
    key: optional('text of at least 32 characters', {
      env: 'CLIENTELE_AUDIT_KEY',
      secret: true,
      reason: 'Signs the anchors of the audit log and salts its digests. Without it one is kept in the data directory.',
    }),
  },
  webhooks: {
    localAllowed: yesNo({
      env: 'CLIENTELE_WEBHOOKS_LOCAL',
      default: false,
      reason:
        'Whether webhooks may go by plain http and to addresses of this machine and its network. Otherwise a URL could be used to reach what only the bank’s servers can.',
    }),
  },
  pulse: {
    readingPercent: whole('percent of the time', 1, 100, {
      env: 'CLIENTELE_PULSE_READING_PERCENT',
      default: 2,
      reason:
        'How much of the time reading one figure of the pulse may take: what is slow to count is counted less often. 100 reads it whenever somebody asks.',
    }),
  },
  demo: {
    pages: yesNo({
      env: 'CLIENTELE_DEMO_PAGES',
      default: true,
      reason:
        'Whether the demo bank’s internet bank and app are started beside the server. Without a demo bank they never are.',
    }),
    port: whole('TCP port', 1, 65535, {
      env: 'CLIENTELE_DEMO_PORT',
      default: 4001,
      reason: 'Where they answer, on this machine only.',
    }),
  },
  log: {
    level: choice(['debug', 'info', 'warn', 'error', 'silent'], {
      env: 'CLIENTELE_LOG_LEVEL',
      default: 'info',
      reason: 'The least important message that is logged. Logs hold ids, never values of personal data.',
    }),
  },
} satisfies Record<string, Record<string, Setting<unknown>>>

/** A setting with the section and name that code uses for it. */
export interface NamedSetting extends Setting<unknown> {
  readonly section: string
  readonly name: string
}

/** All settings in one list, in the order of the reference page. */
export const settings: readonly NamedSetting[] = Object.entries(sections).flatMap(([section, members]) =>
  Object.entries(members as Record<string, Setting<unknown>>).map(([name, setting]) => ({ ...setting, section, name })),
)
