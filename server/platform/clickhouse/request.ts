import type { IncomingMessage } from 'node:http'

/** What an HTTP request to ClickHouse asks for: the statement may stand in the URL, in the body, or begin in one and go on in the other. */
export interface Asked {
  /** The statement of the URL; undefined when the body is the statement. */
  readonly query: string | undefined
  readonly queryId: string
  readonly database: string
  readonly format: string
  readonly params: ReadonlyMap<string, string>
  readonly settings: ReadonlyMap<string, string>
  readonly compress: boolean
  /** Whether rows shall be sent while they are found, rather than when all are. */
  readonly streamed: boolean
  readonly readonly: boolean
}

/** Words of the URL that are not settings. */
const NOT_SETTINGS = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'user',
  'password',
  'session_id',
  'session_timeout',
  'session_check',
  'role',
  'compress',
  'decompress',
  'enable_http_compression',
  'http_zlib_compression_level',
  'wait_end_of_query',
  'buffer_size',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'quota_key',
  'stacktrace',
  'add_http_cors_header',
  'cancel_http_readonly_queries_on_client_close',
  'max_result_bytes_in_flight',
])

export function readRequest(request: IncomingMessage, nextId: () => string): Asked {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const params = new Map<string, string>()
  const settings = new Map<string, string>()
  for (const [key, value] of url.searchParams) {
    if (key.startsWith('param_')) params.set(key.slice(6), value)
    else if (!NOT_SETTINGS.has(key)) settings.set(key, value)
  }
  const header = (name: string): string | undefined => {
    const value = request.headers[name]
    return Array.isArray(value) ? value[0] : value
  }
  return {
    query: url.searchParams.get('query') ?? undefined,
    queryId: url.searchParams.get('query_id') || nextId(),
    database: url.searchParams.get('database') ?? header('x-clickhouse-database') ?? 'default',
    format: url.searchParams.get('default_format') ?? header('x-clickhouse-format') ?? 'TabSeparated',
    params,
    settings,
    compress:
      url.searchParams.get('enable_http_compression') === '1' && /\bgzip\b/.test(header('accept-encoding') ?? ''),
    streamed: header('x-clientele-streamed') === '1',
    readonly: request.method === 'GET' || request.method === 'HEAD',
  }
}

/** An INSERT whose rows follow in the body: everything up to its FORMAT, and that format. */
export interface InsertOfBody {
  readonly head: string
  readonly format: string
}

// A string, a quoted name or a comment is passed over as a whole, so that words inside it are not taken for clauses.
const TOKENS = /'(?:[^'\\]|\\.|'')*'|`(?:[^`\\]|\\.)*`|"(?:[^"\\]|\\.)*"|--[^\n]*|\/\*[\s\S]*?\*\/|[A-Za-z_]\w*|\S/g

/** The statement's words in capitals without strings, names in quotes and comments, each with where it stands. */
function words(sql: string): { word: string; at: number }[] {
  const found: { word: string; at: number }[] = []
  for (const match of sql.matchAll(TOKENS))
    if (/^\w/.test(match[0])) found.push({ word: match[0].toUpperCase(), at: match.index })
  return found
}

/** The first word of the statement in capitals. */
export const verbOf = (sql: string): string => words(sql.slice(0, 2000))[0]?.word ?? ''

/** Whether the statement is an INSERT that takes its rows from the body; `format` defaults to that of the request. */
export function insertOfBody(sql: string, format: string): InsertOfBody | undefined {
  const found = words(sql)
  if (found[0]?.word !== 'INSERT') return undefined
  const usesInput = /\binput\s*\(/i.test(sql)
  const selects = found.some(({ word }) => word === 'SELECT' || word === 'WITH' || word === 'WATCH')
  if ((selects && !usesInput) || found.some(({ word }) => word === 'INFILE')) return undefined
  const last = found.findLastIndex(({ word }) => word === 'FORMAT')
  const named = last < 0 ? undefined : found[last + 1]
  if (last >= 0 && named) return { head: sql.slice(0, found[last]!.at), format: sql.slice(named.at).match(/^\w+/)![0] }
  if (found.some(({ word }) => word === 'VALUES')) return undefined
  return { head: sql, format: format === 'TabSeparated' ? 'TabSeparated' : format }
}

/** The names of the {name:Type} placeholders in a statement. */
export const placeholders = (sql: string): string[] => [...sql.matchAll(/\{\s*(\w+)\s*:/g)].map((match) => match[1]!)

/** The query id a KILL QUERY names, when it names exactly one: the engine knows queries by ids of its own. */
export function killedId(sql: string, params: ReadonlyMap<string, string>): string | undefined {
  const match =
    /^\s*KILL\s+QUERY\s+WHERE\s+query_id\s*=\s*(?:'([^'\\]+)'|\{\s*(\w+)\s*:\s*String\s*\})\s*(?:SYNC|ASYNC)?\s*;?\s*$/i.exec(
      sql,
    )
  return match?.[1] ?? (match?.[2] ? params.get(match[2]) : undefined)
}
