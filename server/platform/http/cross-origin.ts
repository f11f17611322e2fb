import type { FastifyReply, FastifyRequest } from 'fastify'
import { forbidden } from '#platform/errors'

/** How long a browser may keep the answer to its preflight, in seconds. */
const PREFLIGHT_SECONDS = 600
const HEADERS = 'authorization, content-type, idempotency-key'

/** The origin that the browser says the page is of; undefined for callers that are no page of another origin. */
const originOf = (request: FastifyRequest): string | undefined => {
  const { origin } = request.headers
  return typeof origin === 'string' ? origin : undefined
}

/** Whether a page of this origin may call: it is on the list, or the server's own. */
const mayCall = (request: FastifyRequest, origin: string, origins: readonly string[]): boolean =>
  origins.includes(origin) || origin === `${request.protocol}://${request.host}`

/**
 * Says to the browser that the page may read the answer, refusals included, when its origin is on the list. An origin
 * that is not is refused before anything is looked at. Never a wildcard, never with cookies.
 */
export function admitOrigin(request: FastifyRequest, reply: FastifyReply, origins: readonly string[]): void {
  void reply.header('vary', 'origin')
  const origin = originOf(request)
  if (origin === undefined) return
  if (!mayCall(request, origin, origins))
    throw forbidden(
      'origin_not_allowed',
      {},
      'Pages of this origin may not call.',
      'Add the origin to CLIENTELE_ORIGINS, if it is the bank’s own.',
    )
  void reply.header('access-control-allow-origin', origin)
  void reply.header('access-control-expose-headers', 'retry-after, x-request-id')
}

/** Answers the question a browser asks before it calls for a page of another origin. */
export function answerPreflight(
  request: FastifyRequest,
  reply: FastifyReply,
  { origins, methods }: { origins: readonly string[]; methods: readonly string[] },
): FastifyReply {
  admitOrigin(request, reply, origins)
  return reply
    .header('access-control-allow-methods', methods.join(', '))
    .header('access-control-allow-headers', HEADERS)
    .header('access-control-max-age', PREFLIGHT_SECONDS)
    .header('cache-control', 'no-store')
    .code(204)
    .send()
}
