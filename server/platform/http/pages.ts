import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** One file of a page application in the forms that a browser may take. */
interface PageFile {
  readonly type: string
  readonly plain: Buffer
  readonly br: Buffer | undefined
  readonly gzip: Buffer | undefined
}

/** A built page application, held in memory: a few megabytes that never change while the server runs. */
export interface Pages {
  /** By path from the root, without the leading '/'. */
  readonly files: ReadonlyMap<string, PageFile>
  /** The page that every address of the application begins with; its nonce is set anew in each answer. */
  readonly index: string
}

/** Stands in index.html wherever the answer's nonce belongs. */
export const NONCE_MARK = 'nonce-of-this-answer'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
}

/** Reads a folder with index.html, hashed files under assets/, and beside each what was compressed as .br and .gz. */
export function readPages(folder: string): Pages {
  const files = new Map<string, PageFile>()
  const beside = (path: string): Buffer | undefined => (existsSync(path) ? readFileSync(path) : undefined)
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const path = join(entry.parentPath, entry.name)
    files.set(relative(folder, path).split(sep).join('/'), {
      type,
      plain: readFileSync(path),
      br: beside(`${path}.br`),
      gzip: beside(`${path}.gz`),
    })
  }
  return { files, index: files.get('index.html')!.plain.toString('utf8') }
}

/**
 * What a page may do. Scripts and data come from this server only, none stands in the page, none is made from text;
 * nothing may frame it. Style elements need the answer's nonce (the component library writes its variables so); a
 * style attribute in markup is refused, which costs nothing, since scripts set styles one property at a time.
 */
const policy = (nonce: string): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'none'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')

const PAGE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
}

const takes = (request: FastifyRequest, coding: string): boolean =>
  String(request.headers['accept-encoding'] ?? '')
    .split(',')
    .some((part) => part.trim().split(';')[0] === coding && !/;\s*q=0(\.0*)?$/.test(part.trim()))

/**
 * Answers what no route answers: a file of the application, or its page for any other address, so that links into it
 * work. false when the address is not the application's: the API's unknown endpoints, other methods, missing files.
 */
export function sendPage(pages: Pages, request: FastifyRequest, reply: FastifyReply): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  const path = request.url.split(/[?#]/, 1)[0]!.slice(1)
  if (path === 'api' || path.startsWith('api/')) return false
  const file = path === 'index.html' ? undefined : pages.files.get(path)
  if (file === undefined) {
    // Something with an ending is a file that was asked for, perhaps of an older build: its page would be a lie.
    if (/\.[a-z0-9]{2,11}$/i.test(path)) return false
    const nonce = randomBytes(18).toString('base64')
    reply
      .headers(PAGE_HEADERS)
      .header('content-security-policy', policy(nonce))
      .header('cache-control', 'no-cache')
      .type(TYPES['.html']!)
    void reply.code(200).send(pages.index.replaceAll(NONCE_MARK, nonce))
    return true
  }
  const coding = file.br && takes(request, 'br') ? 'br' : file.gzip && takes(request, 'gzip') ? 'gzip' : undefined
  const bytes = coding === 'br' ? file.br! : coding === 'gzip' ? file.gzip! : file.plain
  reply
    .headers(PAGE_HEADERS)
    .header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    .header('cache-control', path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
    .header('vary', 'accept-encoding')
    .type(file.type)
  if (coding) reply.header('content-encoding', coding)
  void reply.code(200).send(bytes)
  return true
}
