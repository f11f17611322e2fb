import { conflict, fault, invalid, isProblem, type Problem, unavailable } from '#platform/errors'

interface Coded {
  code?: unknown
  message?: unknown
  name?: unknown
  constraint_name?: unknown
}

const CONNECTION = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
])

/**
 * What any failure looks like to the caller. Problems stay as they are; the server's own refusals of a request become
 * `invalid`; a store that is away becomes `unavailable`; the rest is a fault of ours, whose text is for the log only.
 */
export function problemFrom(error: unknown): Problem {
  if (isProblem(error)) return error
  const { code, name, constraint_name: constraint } = (error ?? {}) as Coded
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return invalid(
        'body_too_large',
        {},
        'The request body is larger than this endpoint takes.',
        'Send it in smaller parts.',
      )
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return invalid(
        'body_type_unknown',
        { expected: 'application/json' },
        'This endpoint does not take that content type.',
        'Send application/json.',
      )
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
    case 'FST_ERR_ASYNC_CONSTRAINT':
      return invalid(
        'http_malformed',
        { reason: code },
        'The request could not be read.',
        'Mend the address, the length or the body.',
      )
  }
  if (typeof code === 'string') {
    if (CONNECTION.has(code) || code.startsWith('57P') || code.startsWith('08') || code.startsWith('53')) {
      return unavailable(
        'store_away',
        {},
        'A store cannot be reached at the moment.',
        'Try again in a few seconds.',
        error,
      )
    }
    if (code === '40001' || code === '40P01' || code === '55P03' || code === '57014') {
      return unavailable(
        'store_busy',
        { sqlstate: code },
        'The work met other work on the same rows and gave way.',
        'Try again.',
        error,
      )
    }
    if (name === 'PostgresError') {
      // The schema is the last wall: what got past the request's schema and is refused there is still the caller's value.
      if (code.startsWith('22'))
        return invalid(
          'value_refused',
          { sqlstate: code },
          'A value is outside what can be stored.',
          'Check sizes and ranges.',
          error,
        )
      if (code === '23505')
        return conflict('already_there', { rule: constraint }, 'Another row already says so.', 'Read it again.', error)
      if (code === '23503')
        return conflict(
          'not_there',
          { rule: constraint },
          'Something this refers to does not exist.',
          'Read it again.',
          error,
        )
      if (code === '23514')
        return invalid(
          'value_refused',
          { rule: constraint },
          'A value breaks a rule of the store.',
          'Check the values.',
          error,
        )
    }
  }
  return fault(
    'unexpected',
    {},
    'Something went wrong on our side; it has been recorded.',
    'Try again; if it stays, give the x-request-id to whoever runs this system.',
    error,
  )
}
