import { lookup as resolve } from 'node:dns'
import { request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { invalid } from '#platform/errors'
import { isPublicAddress } from './address.ts'

export { isPublicAddress } from './address.ts'

const ANSWER_BYTES_MAX = 64 * 1024

export interface OutboundRequest {
  url: string
  headers: Readonly<Record<string, string>>
  body: string
  /** The whole exchange, from the look-up of the name to the end of the answer. */
  timeoutMs: number
  /** Plain http, and addresses of this machine and its network. */
  localAllowed: boolean
  signal?: AbortSignal
}

export interface OutboundAnswer {
  status: number
  /** The beginning of the answer's text. */
  text: string
}

/** Reads a URL that somebody gave. Errors: `url_refused` (invalid), with what is wrong with it. */
export function readUrl(text: string, { localAllowed }: { localAllowed: boolean }): URL {
  const refuse = (found: string, expected: string) =>
    invalid('url_refused', { found, expected }, `This URL cannot be used: ${found}.`, `Give ${expected}.`)
  if (text.length > 2000 || !URL.canParse(text)) throw refuse('no URL', 'a whole URL, e.g. https://example.com/hooks')
  const url = new URL(text)
  if (url.protocol !== 'https:' && !(localAllowed && url.protocol === 'http:'))
    throw refuse(
      url.protocol,
      localAllowed ? 'a URL that begins with https:// or http://' : 'a URL that begins with https://',
    )
  if (url.username !== '' || url.password !== '') throw refuse('a password in it', 'a URL without user and password')
  if (url.hash !== '') throw refuse('a fragment', 'a URL without #')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const local =
    isIP(host) !== 0 ? !isPublicAddress(host) : /(^|\.)(localhost|local|internal|home\.arpa)\.?$/i.test(host)
  if (local && !localAllowed) throw refuse('an address of a private network', 'an address that the internet routes')
  return url
}

/** A name that leads into a private network is as good as no name. */
class ClosedAddress extends Error {
  constructor(host: string) {
    super(`${host} leads to an address of a private network`)
    this.name = 'ClosedAddress'
  }
}

const checkedLookup =
  (localAllowed: boolean): LookupFunction =>
  (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0)
      const list = addresses as unknown as { address: string; family: number }[]
      // One bad address among several is enough: which of them is used is not ours to say.
      if (!localAllowed && list.some(({ address }) => !isPublicAddress(address)))
        return done(new ClosedAddress(host), '', 0)
      if (options.all) return done(null, list as never)
      done(null, list[0]!.address, list[0]!.family)
    })
  }

/** Sends one POST and reads the beginning of its answer. Throws when there was none: refused, too late, no such name, private. */
export function post(asked: OutboundRequest): Promise<OutboundAnswer> {
  const url = readUrl(asked.url, asked)
  const send = url.protocol === 'https:' ? requestSecure : requestPlain
  const deadline = AbortSignal.timeout(asked.timeoutMs)
  const signal = asked.signal ? AbortSignal.any([deadline, asked.signal]) : deadline
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(deadline.aborted ? new Error(`no answer within ${asked.timeoutMs / 1000} s`, { cause: error }) : error)
    const body = Buffer.from(asked.body)
    const request = send(
      url,
      {
        method: 'POST',
        headers: { ...asked.headers, 'content-length': body.length },
        lookup: checkedLookup(asked.localAllowed),
        // A connection of its own: one that is kept could be to an address that a name no longer stands for.
        agent: false,
        signal,
      },
      (answer) => {
        const pieces: Buffer[] = []
        let bytes = 0
        const end = () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString('utf8') })
        answer.on('data', (piece: Buffer) => {
          bytes += piece.length
          if (bytes <= ANSWER_BYTES_MAX) pieces.push(piece)
          else {
            end()
            request.destroy()
          }
        })
        answer.on('end', end)
        answer.on('error', fail)
      },
    )
    request.on('error', fail)
    request.end(body)
  })
}
