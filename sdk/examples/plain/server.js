/**
 * The bank's own server, as small as it can be: it serves the page, and gives the customer who has signed in a token.
 * Here everybody is one and the same customer; in a bank the session says who it is.
 *
 *   CLIENTELE_ORIGINS=http://127.0.0.1:8080 npm start
 *   CLIENTELE_KEY=clk_… node sdk/examples/plain/server.js      (CLIENTELE_URL and PORT where they are others)
 *
 * The key needs the permission engage.inbound:token and no other.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

const CLIENTELE = process.env.CLIENTELE_URL ?? 'http://127.0.0.1:4000'
const PORT = Number(process.env.PORT ?? 8080)
const ORIGIN = `http://127.0.0.1:${PORT}`
/** The address that stands in the page's files, in place of which the real one is sent. */
const WRITTEN = 'http://127.0.0.1:4000'
const POLICY = [
  "default-src 'none'",
  `script-src 'self' ${CLIENTELE}`,
  `connect-src 'self' ${CLIENTELE}`,
  "style-src 'self'",
  "img-src 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')
const FILES = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
}

async function token() {
  const answer = await fetch(`${CLIENTELE}/api/engage/inbound/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${process.env.CLIENTELE_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ customer: { source: 'core_customer', id: 'P90000001' }, origin: ORIGIN, channel: 'web' }),
  })
  return { status: answer.status, text: await answer.text() }
}

createServer(async (request, response) => {
  const headers = { 'content-security-policy': POLICY, 'cache-control': 'no-store' }
  if (request.method === 'POST' && request.url === '/token') {
    const { status, text } = await token()
    response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(text)
    return
  }
  const [file, type] = FILES[request.url ?? ''] ?? []
  if (!file) response.writeHead(404, headers).end()
  else {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8').replaceAll(WRITTEN, CLIENTELE)
    response.writeHead(200, { ...headers, 'content-type': type }).end(text)
  }
}).listen(PORT, '127.0.0.1', () => console.log(`The page is on ${ORIGIN}`))
