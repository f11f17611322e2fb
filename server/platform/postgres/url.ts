import { invalid } from '#platform/errors'
import type { Connection } from './types.ts'

const TLS = new Set(['require', 'prefer', 'verify-full'])

/** What a postgres:// URL says. Throws `database_url_invalid` without showing the password. */
export function connectionOf(url: string): Connection {
  const wrong = (expected: string) =>
    invalid(
      'database_url_invalid',
      { expected },
      `The database URL is not usable: expected ${expected}.`,
      'Correct DATABASE_URL.',
    )
  if (!URL.canParse(url)) throw wrong('postgres://user:password@host:port/database')
  const parsed = new URL(url)
  if (!/^postgres(ql)?:$/.test(parsed.protocol)) throw wrong('a URL that begins with postgres://')
  const database = decodeURIComponent(parsed.pathname.slice(1))
  if (!database) throw wrong('the name of a database after the host')
  const mode = parsed.searchParams.get('sslmode')
  if (mode !== null && mode !== 'disable' && !TLS.has(mode))
    throw wrong('sslmode disable, prefer, require or verify-full')
  const folder = parsed.searchParams.get('host')
  const port = parsed.port === '' ? 5432 : Number(parsed.port)
  return {
    host: parsed.hostname || 'localhost',
    port,
    ...(folder?.startsWith('/') ? { path: `${folder}/.s.PGSQL.${port}` } : {}),
    user: decodeURIComponent(parsed.username) || 'postgres',
    password: decodeURIComponent(parsed.password),
    database,
    ssl: mode === null || mode === 'disable' ? false : (mode as 'require'),
  }
}
