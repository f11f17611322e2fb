import {
  keepPreviousData,
  notifyManager,
  QueryClient,
  type UseQueryOptions,
  useMutation,
  useQuery,
} from '@tanstack/react-query'
import { useRef } from 'react'
import type { Static, TSchema } from 'typebox'
import { freshId } from '../ui/fresh-id.ts'

/** A schema of a contract stands for its type, so that endpoints are written with the contract's own names. */
type Of<T> = T extends TSchema ? Static<T> : T

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What a route takes and gives: schemas (`typeof contract.SearchReply`) or types of its contract. */
export interface Shape {
  params?: unknown
  query?: unknown
  body?: unknown
  reply: unknown
}

export interface Endpoint<S extends Shape> {
  readonly method: Method
  readonly url: string
  /** Carries the type; has no value. */
  readonly shape?: S
}

type PartOf<S extends Shape, K extends 'params' | 'query' | 'body'> = K extends keyof S ? Of<S[K]> : undefined
type Needed<K extends string, T> = [T] extends [undefined] ? { [P in K]?: undefined } : { [P in K]: T }
/** What a call of the endpoint needs. */
export type Asked<S extends Shape> = Needed<'params', PartOf<S, 'params'>> &
  Needed<'query', PartOf<S, 'query'>> &
  Needed<'body', PartOf<S, 'body'>>
export type ReplyOf<E> = E extends Endpoint<infer S> ? Of<S['reply']> : never

/** One route of the server; a test holds every one of these against the server's own list. */
export const endpoint = <S extends Shape>(method: Method, url: string): Endpoint<S> => ({ method, url })

/** A failure as the server tells it; `offline` when no answer came at all. */
export class Refusal extends Error {
  readonly kind: string
  readonly code: string
  readonly facts: Readonly<Record<string, unknown>>
  /** What to do about it, one sentence; may be empty. */
  readonly next: string
  readonly requestId: string | null
  constructor(
    said: { kind: string; code: string; message: string; facts: Record<string, unknown>; next: string },
    requestId: string | null,
  ) {
    super(said.message)
    this.name = 'Refusal'
    this.kind = said.kind
    this.code = said.code
    this.facts = said.facts
    this.next = said.next
    this.requestId = requestId
  }
}

export const isRefusal = (error: unknown): error is Refusal => error instanceof Refusal

let csrfToken: string | null = null
export const setCsrfToken = (token: string | null): void => {
  csrfToken = token
}
export const csrfTokenNow = (): string | null => csrfToken

/** Asked when the server no longer knows the session; resolves once somebody has signed in again. */
let signInAgain: (() => Promise<void>) | undefined
export const onSessionEnded = (ask: (() => Promise<void>) | undefined): void => {
  signInAgain = ask
}

/** Told of every answer and of every time that none came. */
const listeners = new Set<(reached: boolean) => void>()
export const onReached = (listener: (reached: boolean) => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
const tellReached = (reached: boolean): void => {
  for (const listener of listeners) listener(reached)
}

interface Loose {
  params?: unknown
  query?: unknown
  body?: unknown
}

export function addressOf(url: string, { params, query }: Loose = {}): string {
  const path = url.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String((params as Record<string, unknown>)[name])),
  )
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries((query ?? {}) as Record<string, unknown>)) {
    if (value === undefined || value === null) continue
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one))
  }
  return search.size > 0 ? `${path}?${search}` : path
}

/** A header takes ASCII only; everything else goes percent-encoded, which the server reads back. */
const headerText = (text: string): string => (/^[\x20-\x24\x26-\x7e]*$/.test(text) ? text : encodeURIComponent(text))

/** A change went out and no answer came: nobody here knows whether it was made. */
const unanswered = (): Refusal =>
  new Refusal(
    {
      kind: 'offline',
      code: 'not_answered',
      message: 'The connection was lost before the bank’s server answered: this may or may not have been done.',
      facts: {},
      next: 'What you entered is still here. Look whether it was done, or try again.',
    },
    null,
  )

const lost = (): Refusal =>
  new Refusal(
    {
      kind: 'offline',
      code: 'not_reached',
      message: 'The bank’s server was not reached.',
      facts: {},
      next: 'Check the connection; what you entered is still here.',
    },
    null,
  )

async function refusalOf(answer: Response): Promise<Refusal> {
  const requestId = answer.headers.get('x-request-id')
  try {
    const { error } = (await answer.json()) as { error: ConstructorParameters<typeof Refusal>[0] }
    return new Refusal(error, requestId)
  } catch {
    return new Refusal(
      {
        kind: answer.status >= 500 ? 'unavailable' : 'fault',
        code: 'answer_unreadable',
        message: `The server answered ${answer.status} without saying why.`,
        facts: { status: answer.status },
        next: 'Try again in a moment.',
      },
      requestId,
    )
  }
}

export interface CallOptions {
  signal?: AbortSignal | undefined
  /** Why a sealed record is opened, in the person's own words; kept with the audit. */
  reason?: string | undefined
  /** So that a change sent twice happens once. */
  idempotencyKey?: string | undefined
  /** Whether an ended session is told to the caller rather than mended: for the sign-in itself. */
  asItIs?: boolean | undefined
}

/** Calls one route. Throws a Refusal; a session that has ended is renewed by its owner first, and the call made again. */
export async function call<S extends Shape>(
  { method, url }: Endpoint<S>,
  asked: Asked<S>,
  options: CallOptions = {},
): Promise<Of<S['reply']>> {
  const { body } = asked as Loose
  for (;;) {
    let answer: Response
    const wasOnline = navigator.onLine
    try {
      answer = await fetch(addressOf(url, asked as Loose), {
        method,
        credentials: 'same-origin',
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(method !== 'GET' && csrfToken !== null ? { 'x-csrf-token': csrfToken } : {}),
          ...(options.reason ? { 'x-access-reason': headerText(options.reason) } : {}),
          ...(options.idempotencyKey ? { 'idempotency-key': options.idempotencyKey } : {}),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(options.signal ? { signal: options.signal } : {}),
      })
    } catch (error) {
      if ((error as Error).name === 'AbortError') throw error
      tellReached(false)
      throw method === 'GET' || !wasOnline ? lost() : unanswered()
    }
    tellReached(true)
    if (answer.ok) {
      try {
        return (await answer.json()) as Of<S['reply']>
      } catch (error) {
        if ((error as Error).name === 'AbortError') throw error
        // The connection broke in the middle of the answer.
        tellReached(false)
        throw method === 'GET' ? lost() : unanswered()
      }
    }
    const refusal = await refusalOf(answer)
    const ended = refusal.kind === 'unauthenticated' || refusal.code === 'csrf_token_wrong'
    if (!ended || options.asItIs || !signInAgain) throw refusal
    await signInAgain()
  }
}

// Answers that come within one frame are drawn together: a page that asks seven questions is not drawn seven times.
const toDraw: (() => void)[] = []
notifyManager.setScheduler((draw) => {
  if (toDraw.push(draw) > 1) return
  const all = (): void => {
    for (const each of toDraw.splice(0)) each()
  }
  // A page out of sight has no frames.
  if (document.hidden) setTimeout(all, 0)
  else requestAnimationFrame(all)
})

/** The cache of everything read: fresh for ten seconds, so that moving between pages costs nothing. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: true,
      // Only what may pass by itself is asked for again.
      retry: (times, error) =>
        times < 2 && isRefusal(error) && (error.kind === 'offline' || error.kind === 'unavailable'),
      retryDelay: (times) => Math.min(1000 * 2 ** times, 8000),
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
})

/**
 * Begins to read a route before the part that shows it is there: whoever asks next takes the same answer. What was refused
 * before anybody asked is forgotten, so that it is asked for again.
 */
export const begin = <S extends Shape>(endpoint: Endpoint<S>, asked: Asked<S>): Promise<void> => {
  const queryKey = keyOf(endpoint, asked as Loose)
  return queries
    .prefetchQuery({ queryKey, queryFn: ({ signal }) => call(endpoint, asked, { signal }) })
    .then(() => forgetRefused(queryKey))
}

export function forgetRefused(queryKey: readonly unknown[]): void {
  const found = queries.getQueryCache().find({ queryKey, exact: true })
  if (found?.state.status === 'error' && found.getObserversCount() === 0) queries.getQueryCache().remove(found)
}

type AskOptions<R> = Pick<UseQueryOptions<R, Refusal>, 'enabled' | 'refetchInterval' | 'staleTime'> &
  Pick<CallOptions, 'reason'> & {
    /** Whether the last answer stays on screen while the next one, for other words, comes. */
    keep?: boolean
  }

/** The key under which an answer is kept; everything of a route begins with its url. */
export const keyOf = (endpoint: Pick<Endpoint<Shape>, 'url'>, asked: Loose = {}): unknown[] => [
  endpoint.url,
  asked.params ?? null,
  asked.query ?? null,
  asked.body ?? null,
]

/** Reads a route and keeps the answer fresh: `const feeds = useAsk(list, {})`, then feeds.data, .isPending, .error. */
export const useAsk = <S extends Shape>(
  endpoint: Endpoint<S>,
  asked: Asked<S>,
  { keep, reason, ...options }: AskOptions<Of<S['reply']>> = {},
) =>
  useQuery<Of<S['reply']>, Refusal>({
    queryKey: keyOf(endpoint, asked as Loose),
    queryFn: ({ signal }) => call(endpoint, asked, { signal, reason }),
    ...(keep ? { placeholderData: keepPreviousData as never } : {}),
    ...options,
  })

type Told<S extends Shape> = Asked<S> & Pick<CallOptions, 'reason' | 'idempotencyKey'>

const contentOf = (asked: Loose): string => JSON.stringify([asked.params, asked.query, asked.body])

/**
 * Tells the server a change: `const stop = useTell(post, { stale: [list] })`, then `stop.mutateAsync({ body })`. What
 * is named stale is read again, also when no answer came. Pressed twice is pressed once: while a change is on its way, the
 * same one is not sent again. Sent again after an answer was lost, it carries the key of its first time, so that routes
 * that take one do it once.
 */
export function useTell<S extends Shape>(
  endpoint: Endpoint<S>,
  { stale = [], onDone }: { stale?: Pick<Endpoint<Shape>, 'url'>[]; onDone?: (reply: Of<S['reply']>) => void } = {},
) {
  const readAgain = () => Promise.all(stale.map(({ url }) => queries.invalidateQueries({ queryKey: [url] })))
  const mutation = useMutation<Of<S['reply']>, Refusal, Told<S>>({
    mutationFn: ({ reason, idempotencyKey, ...asked }) =>
      call(endpoint, asked as unknown as Asked<S>, { reason, idempotencyKey }),
    onSuccess: async (reply) => {
      await readAgain()
      onDone?.(reply)
    },
    onError: (refusal) => {
      if (isRefusal(refusal) && refusal.kind === 'offline') void readAgain()
    },
  })
  const onItsWay = useRef(new Set<string>())
  const keys = useRef(new Map<string, string>())
  const mutateAsync = async (asked: Told<S>): Promise<Of<S['reply']>> => {
    const content = contentOf(asked as Loose)
    // The first press goes on for both.
    if (onItsWay.current.has(content)) return new Promise(() => {})
    onItsWay.current.add(content)
    const idempotencyKey = asked.idempotencyKey ?? keys.current.get(content) ?? freshId()
    try {
      const reply = await mutation.mutateAsync({ ...asked, idempotencyKey })
      keys.current.delete(content)
      return reply
    } catch (error) {
      const isUnknown = isRefusal(error) && (error.kind === 'offline' || error.kind === 'unavailable')
      if (isUnknown) keys.current.set(content, idempotencyKey)
      else keys.current.delete(content)
      throw error
    } finally {
      onItsWay.current.delete(content)
    }
  }
  /** The same, for who reads the outcome from `data` and `error`. */
  const mutate = (asked: Told<S>): void => void mutateAsync(asked).catch(() => {})
  return { ...mutation, mutate, mutateAsync }
}
