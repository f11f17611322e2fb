import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { Runtime } from '#platform/runtime'
import type { Actor } from './actor.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * 'public' needs nobody, 'signed-in' anybody known, 'customer' a customer with a token that the bank's own system asked
 * for (and nobody else, so only pages of other origins may call these), else a permission such as
 * 'decide.decisions:create'.
 */
export type Needs = 'public' | 'signed-in' | 'customer' | `${string}:${string}`

type StaticOr<S> = S extends TSchema ? Static<S> : undefined

/** What a handler gets. */
export interface Call<B, Q, P> {
  readonly rt: Runtime
  readonly actor: Actor
  readonly body: B
  readonly query: Q
  readonly params: P
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** What a route promises. All schemas are compiled once, at start. */
export interface RouteSpec<B, Q, P, R> {
  method: Method
  /** '/api/<layer>/<module>/…', parameters as ':customerId'. */
  url: string
  /** One sentence for the reference. */
  summary: string
  needs: Needs
  /** How many calls one actor (or, for public routes, one address) may make per minute on one server process. */
  rate: { perMinute: number }
  body?: B
  query?: Q
  params?: P
  reply: R
  /** Status of a good answer; 200 unless given. */
  status?: 200 | 201 | 202
  /** Whether the caller may send an Idempotency-Key: the first answer is then given again, and the effect happens once. */
  idempotent?: boolean
  /**
   * The customers this call concerns: each must be in the actor's scope and not sealed to them, checked before the
   * handler. 'customer' is the field customerId of the path, the query or the body, whichever has it.
   */
  scope?: 'customer' | ((call: ScopeOf<B, Q, P>) => number | readonly number[] | undefined)
  /** Largest body in bytes; 256 KiB unless given. */
  bodyBytesMax?: number
  /** Content type of a body that is not JSON: the handler then gets the bytes as they arrive, as `request.body` (a stream). */
  consumes?: string
  /** Content type of an answer that is not JSON: the handler then returns text, bytes or a stream. */
  produces?: string
}

interface ScopeOf<B, Q, P> {
  body: StaticOr<B>
  query: StaticOr<Q>
  params: StaticOr<P>
}

/** A route with its types erased, as the server and the reference read it. */
export interface Route
  extends Omit<RouteSpec<TSchema | undefined, TSchema | undefined, TSchema | undefined, TSchema>, 'scope'> {
  scope?:
    | 'customer'
    | ((call: { body: unknown; query: unknown; params: unknown }) => number | readonly number[] | undefined)
  handle: (call: Call<unknown, unknown, unknown>) => unknown
}

/** Declares one endpoint. Its handler only translates: it calls one verb and returns the answer. */
export function route<
  R extends TSchema,
  B extends TSchema | undefined = undefined,
  Q extends TSchema | undefined = undefined,
  P extends TSchema | undefined = undefined,
>(
  spec: RouteSpec<B, Q, P, R> & {
    handle: (call: Call<StaticOr<B>, StaticOr<Q>, StaticOr<P>>) => Promise<Static<R>> | Static<R>
  },
): Route {
  return spec as unknown as Route
}

/** The customers a call concerns, whichever way its route names them. */
export function customersOf(route: Route, call: { body: unknown; query: unknown; params: unknown }): readonly number[] {
  if (route.scope === undefined) return []
  if (typeof route.scope === 'function') {
    const found = route.scope(call)
    return typeof found === 'number' ? [found] : (found ?? [])
  }
  for (const part of [call.params, call.query, call.body]) {
    const id = (part as { customerId?: unknown } | undefined | null)?.customerId
    if (typeof id === 'number') return [id]
  }
  return []
}
