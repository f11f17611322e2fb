/**
 * postgres.js, mended where it does not survive a connection that breaks, or a long life. As published (3.4.9):
 *
 * - a statement given to a connection that has just closed is written to nothing, which ends the process;
 * - a reserved session whose connection broke goes on: its next statements run outside any transaction on the session that
 *   the connection has opened since, and its rollback may hit somebody else's; those in line never settle;
 * - a statement given between a connection's error and its close stays in line for the next session, whose answers then
 *   go to the wrong statements;
 * - bytes not yet written when a connection closes stay in front of the next session's first message, after which that
 *   connection never opens again;
 * - a session that is waited for while connections break is forgotten, or given to somebody who has gone;
 * - one that breaks while the driver asks for array types, as it does first of all, is a rejection nobody handles, which
 *   ends the process;
 * - a queue that is never empty keeps a place for everything that ever went through it, and looks through all of them for
 *   what it removes: a pool with a session to spare grows slower with every statement.
 *
 * The text is changed while it is loaded, so that no installed file has to be. A version with another text is refused:
 * then look whether these have been mended there.
 */
import { registerHooks } from 'node:module'

interface Mend {
  readonly file: string
  readonly found: string
  readonly becomes: string
}

const CLOSED = "Errors.connection('CONNECTION_CLOSED', options)"

const MENDS: readonly Mend[] = [
  {
    file: '/postgres/src/connection.js',
    found: "    if (stream)\n      return queryError(q, Errors.generic('COPY_IN_PROGRESS'",
    becomes: `    if (socket === null)\n      return (queryError(q, ${CLOSED}), true)\n\n    if (stream)\n      return queryError(q, Errors.generic('COPY_IN_PROGRESS'`,
  },
  {
    file: '/postgres/src/connection.js',
    found: '    incomings = null\n    clearImmediate(nextWriteTimer)\n',
    becomes: '    incomings = null\n    clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n',
  },
  {
    file: '/postgres/src/connection.js',
    found: '    !hadError && (query || sent.length) && error(',
    becomes: `    const had = query\n    query = null\n    had && queryError(had, ${CLOSED})\n    sent.length && error(`,
  },
  {
    file: '/postgres/src/connection.js',
    found: '    const x = socket.write(chunk, fn)\n',
    becomes: '    const x = socket === null || socket.write(chunk, fn)\n',
  },
  {
    file: '/postgres/src/connection.js',
    found: '        return fetchArrayTypes()\n',
    becomes: '        return fetchArrayTypes().catch(() => {})\n',
  },
  {
    file: '/postgres/src/index.js',
    found: '    c.reserved.release = true\n',
    becomes:
      '    c.reserved.release = true\n    let lost = null\n    c.onclose = e => {\n      lost = e\n      while (queue.length)\n        queue.shift().reject(e)\n    }\n',
  },
  {
    file: '/postgres/src/index.js',
    found: '    sql.release = () => {\n      c.reserved = null\n',
    becomes: '    sql.release = () => {\n      if (lost)\n        return\n      c.onclose = c.reserved = null\n',
  },
  {
    file: '/postgres/src/index.js',
    found: '        const query = { reserve: resolve, reject }\n',
    becomes:
      '        const query = {\n          reserve: resolve,\n          reject: e => {\n            queries.remove(query)\n            reject(e)\n          }\n        }\n',
  },
  {
    file: '/postgres/src/index.js',
    found: '    queries.length && connect(c, queries.shift())\n',
    becomes:
      '    if (queries.length) {\n      const next = queries.shift()\n      next.reserve && queries.push(next)\n      connect(c, next)\n    }\n',
  },
  {
    file: '/postgres/src/index.js',
    found: '    function handler(q) {\n      c.queue === full\n        ? queue.push(q)',
    becomes:
      '    function handler(q) {\n      if (lost)\n        return q.reject(lost)\n      c.queue === full\n        ? queue.push(q)',
  },
  {
    file: '/postgres/src/queue.js',
    found: '        xs[index - 1] = undefined\n',
    becomes:
      '        xs[index - 1] = undefined\n        if (index >= 64 && index * 2 >= xs.length) {\n          xs = xs.slice(index)\n          index = 0\n        }\n',
  },
]

const hooks = registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    const mends = MENDS.filter(({ file }) => url.endsWith(file))
    if (mends.length === 0) return loaded
    let source = typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString()
    for (const { file, found, becomes } of mends) {
      if (source.split(found).length !== 2)
        throw new Error(`${file} is not the text that platform/postgres/driver.ts mends: ${JSON.stringify(found)}`)
      source = source.replace(found, () => becomes)
    }
    return { ...loaded, source }
  },
})
// Imported now, not at the top: the hook has to be there first.
const driver = await import('postgres')
hooks.deregister()

export const postgres = driver.default
