import type { Answer, Clientele, ClienteleError, Content, Options, Placement } from '../clientele.d.ts'
import { queue } from './queue.ts'
import { whenSeen } from './seen.ts'
import { cardOf, safeAddress } from './show.ts'
import { tokens } from './token.ts'
import { caller } from './wire.ts'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Begins for the customer who has signed in at the bank. Call `stop` when they sign out. */
export function start(options: Options): Clientele {
  const url = options.url.replace(/\/+$/, '')
  const onError = (error: ClienteleError): void =>
    options.onError ? options.onError(error) : console.warn(`Clientele: ${error.message} (${error.code})`)
  const tokensOf = tokens(options)
  const call = caller(url, tokensOf)
  const outgoing = queue(url, tokensOf, call, onError)
  const stops = new Set<() => void>()
  const refreshes = new Set<() => void>()
  // What was answered in one tab is asked for afresh in the others.
  const tabs = typeof BroadcastChannel === 'function' ? new BroadcastChannel(`clientele ${url}`) : undefined
  tabs?.addEventListener('message', () => {
    for (const refresh of refreshes) refresh()
  })

  const say = (contactId: string, kind: Answer | 'impression', reason?: string) =>
    outgoing.add('responses', { contactId, kind, ...(reason ? { reason } : {}) })

  // biome-ignore lint/suspicious/noExplicitAny: made of what came over the wire, each part looked at here.
  const contentOf = (given: any, decisionId: string, watched: Set<() => void>): Content => {
    const contactId = text(given.contactId)
    const href = safeAddress(given.link?.href, options.origins ?? [])
    const src = safeAddress(given.image?.src, options.origins ?? [])
    return {
      contactId,
      decisionId,
      action: text(given.action),
      class: given.class,
      language: text(given.language),
      subject: text(given.subject) || null,
      text: text(given.text),
      offer: given.offer ?? null,
      link: href ? { href, label: text(given.link.label) } : null,
      image: src ? { src, alt: text(given.image.alt) } : null,
      watch(element) {
        const stop = whenSeen(element, () => void say(contactId, 'impression'))
        watched.add(stop)
      },
      async answer(answer, reason) {
        const outcome = await say(contactId, answer, reason)
        if (answer !== 'click') tabs?.postMessage(answer)
        return outcome
      },
    }
  }

  const placement: Clientele['placement'] = (name, where, more) => {
    const watched = new Set<() => void>()
    let ended = false
    let missed = false
    let asking: Promise<void> | undefined
    const clear = (): void => {
      for (const stop of watched) stop()
      watched.clear()
    }
    const show = (contents: readonly Content[]): void => {
      clear()
      if (typeof where === 'function') {
        where(contents)
        return
      }
      where.replaceChildren(...contents.map((content) => cardOf(content, options.labels)))
      for (const [at, content] of contents.entries()) content.watch(where.children[at]!)
    }
    const ask = async (): Promise<void> => {
      const { body, error } = await call('POST', 'placements', {
        placement: name,
        ...(options.language ? { language: options.language } : {}),
        ...(more?.reason ? { reason: more.reason } : {}),
      })
      asking = undefined
      if (ended) return
      missed = error?.code === 'offline'
      if (error) return onError(error)
      const given = Array.isArray(body?.contents) ? body.contents : []
      show(given.map((one: unknown) => contentOf(one, text(body.decisionId), watched)))
    }
    const refresh = (): Promise<void> => {
      asking ??= ask()
      return asking
    }
    const again = (): void => void refresh()
    // Asked without a connection: asked again with one.
    const online = (): void => {
      if (missed) again()
    }
    addEventListener('online', online)
    refreshes.add(again)
    const stop = (): void => {
      ended = true
      clear()
      removeEventListener('online', online)
      refreshes.delete(again)
      if (typeof where !== 'function') where.replaceChildren()
    }
    stops.add(stop)
    void refresh()
    return { refresh, stop } satisfies Placement
  }

  const said = async (method: 'GET' | 'POST', path: string, body?: object) => {
    const { body: found, error } = await call(method, path, body)
    if (error) throw Object.assign(new Error(error.message), error)
    return found
  }

  return {
    placement,
    tell: (told) =>
      outgoing.add(
        'plans',
        'plan' in told ? { what: 'plan', topic: told.plan, byOn: told.byOn } : { what: 'need', topic: told.need },
      ),
    consents: () => said('GET', 'consents'),
    agree: (choice, agreed, textVersion) =>
      said('POST', 'consents', { choice, agreed, ...(textVersion ? { textVersion } : {}) }),
    agreements: async () => (await said('GET', 'agreements')).agreements ?? [],
    async sign(contactId, kind) {
      const { state, awaiting } = await said('POST', 'agreements', { contactId, kind })
      tabs?.postMessage(kind)
      return { sent: true, kept: false, state, awaiting }
    },
    waiting: outgoing.waiting,
    stop() {
      for (const stop of stops) stop()
      tabs?.close()
      outgoing.stop()
    },
  }
}
