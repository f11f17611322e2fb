/**
 * Every screen of the console as its own registrations name it, so that a screen added later is looked at by itself; and
 * a window in which the server's answers can be held back, refused, lost or made many.
 */
import { globSync } from 'node:fs'
import { join } from 'node:path'
import type { Page, Route } from 'playwright-core'
import { type Browsing, WIDTHS, type Width } from '#test/browser'
import { eventually } from '#test/scratch'

const CONSOLE = join(import.meta.dirname, '../console')

/** '/know/customers/$customerId' of every module's registration, and the home page, in one order. */
export async function screens(): Promise<string[]> {
  const found = globSync('*/*/index.tsx', { cwd: CONSOLE }).filter((file) => !/^(shell|ui)\//.test(file))
  const registrations = await Promise.all(
    found.map(async (file) => (await import(/* @vite-ignore */ join(CONSOLE, file))).default),
  )
  return ['/', ...registrations.flatMap(({ routes = [] }) => routes.map(({ path }: { path: string }) => path))].sort()
}

/**
 * Ids for the parameters of screens: those given, and for one like $placementId the first document of that kind in the
 * playbook that runs.
 */
export function idsFor(
  given: Readonly<Record<string, string | number>>,
  documents: readonly { kind: string; id: string }[],
): Record<string, string | number> {
  const found: Record<string, string | number> = {}
  for (const { kind, id } of documents) found[`${kind.replace(/_(\w)/g, (_, letter) => letter.toUpperCase())}Id`] ??= id
  return { ...found, ...given }
}

/** The address with an id for each of its parameters; a parameter that nobody knows an id for is told. */
export const addressWith = (screen: string, ids: Readonly<Record<string, string | number>>): string =>
  screen.replace(/\$(\w+)/g, (_, name: string) => {
    const id = ids[name]
    if (id === undefined) throw new Error(`${screen}: say in the test which id stands for $${name}`)
    return encodeURIComponent(String(id))
  })

/** What becomes of the server's answers on their way to the page. */
export type Answers = 'as they are' | 'held back' | 'refused' | 'unavailable' | 'lost' | 'crowded'

export interface Window {
  readonly page: Page
  /** From now on; what was held back goes its way. */
  answers(way: Answers): void
  /** How many answers the page waits for that are its own, not the frame's. */
  held(): number
  /** How many of them it asked for since it was loaded. */
  asked(): number
  /** Loads an address anew. */
  load(address: string): Promise<void>
  /** Until all that the page shows has come. */
  settled(): Promise<void>
}

/** Without these nobody is inside: they are about the person, not about the screen. */
const DOOR = /\/api\/trust\/(access\/(me|ways-in)|playbook\/running)$/
/** What the frame asks for round every page. */
const FRAME = /\/api\/trust\/(playbook\/drafts|views|stops|access\/names)$/

const said = (kind: string, code: string, message: string) => ({
  error: { kind, code, message, facts: {}, next: 'Try again in a moment.' },
})

export async function openWindow(it: Browsing, login: string): Promise<Window> {
  const page = await it.open()
  await it.signIn(page, login)
  let way: Answers = 'as they are'
  let waiting: { url: string; go: () => void }[] = []
  let asked = 0
  const answer = async (route: Route): Promise<void> => {
    const url = new URL(route.request().url())
    if (DOOR.test(url.pathname)) return route.continue()
    if (!FRAME.test(url.pathname)) asked++
    switch (way) {
      case 'held back':
        await new Promise<void>((go) => waiting.push({ url: url.pathname, go }))
        return route.continue()
      case 'refused':
        return route.fulfill({
          status: 500,
          json: said('fault', 'unexpected', 'Something went wrong on our side; it has been recorded.'),
        })
      case 'unavailable':
        return route.fulfill({
          status: 503,
          json: said('unavailable', 'store_unavailable', 'The bank’s data cannot be reached just now.'),
        })
      case 'lost':
        return route.abort('connectionreset')
      case 'crowded': {
        if (route.request().method() !== 'GET') return route.continue()
        const reply = await route.fetch()
        const isJson = reply.ok() && String(reply.headers()['content-type']).includes('json')
        return isJson
          ? route.fulfill({ response: reply, json: crowded(await reply.json()) })
          : route.fulfill({ response: reply })
      }
      default:
        return route.continue()
    }
  }
  // A page that is left while it waits takes its questions along.
  await page.route('**/api/**', (route) => answer(route).catch(() => {}))
  await page.route('**/health', (route) => (way === 'lost' ? route.abort('connectionreset') : route.continue()))
  return {
    page,
    answers(next) {
      way = next
      for (const { go } of waiting.splice(0)) go()
      waiting = []
    },
    held: () => waiting.filter(({ url }) => !FRAME.test(url)).length,
    asked: () => asked,
    async load(address) {
      // Whatever the page before still asks for is not this one's.
      await page.goto('about:blank')
      asked = 0
      await page.goto(address)
    },
    settled: () => settled(page),
  }
}

/** Until the page stands: a heading, and nothing that is still coming. */
export async function settled(page: Page): Promise<void> {
  await eventually(async () => {
    const coming = await page.evaluate<string>(
      `document.querySelector('main h1, main h2') === null ? 'no heading'
        : [...document.querySelectorAll('main .ui-skeleton, main [aria-busy="true"]')].map((one) =>
            (one.closest('section, header, div[class^="ui-page"]')?.textContent ?? '').slice(0, 120)).join(' | ')
          || (document.querySelector('main .ui-skeleton, main [aria-busy="true"]') ? 'something without words' : '')`,
    )
    if (coming !== '') throw new Error(`still coming: ${coming}`)
    return true
  }, 40_000)
}

/** What reaches beyond the window's edge, so that the page could be scrolled sideways; [] when nothing does. */
export const sticksOut = (page: Page): Promise<string[]> =>
  page.evaluate(`document.documentElement.scrollWidth <= window.innerWidth ? [] :
    [...document.querySelectorAll('body *')]
      .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
      .slice(0, 5)
      .map((one) => one.tagName + '.' + one.className + ': ' + Math.round(one.getBoundingClientRect().right) + ' px: '
        + (one.textContent ?? '').slice(0, 40))`)

export const widen = (page: Page, width: Width): Promise<void> => page.setViewportSize(WIDTHS[width])

/** What no reader should ever meet: values that a program forgot to say in words. */
export const nonsense = async (page: Page): Promise<string[]> => {
  const shown = await page.evaluate<string>(`document.querySelector('main').innerText`)
  return shown.match(/.{0,30}\b(NaN|undefined|Infinity|Invalid Date|\[object)\b.{0,30}/g) ?? []
}

const LONG_NAME = 'Aleksandra Wilhelmina Konstantinopolskaya-von Hohenzollern-Sigmaringen y Fernández de la Cruz'
const FROM_RIGHT = 'عبد الرحمن بن خالد الحسيني المقدسي'
const UNBROKEN = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'
const NAMES = [LONG_NAME, FROM_RIGHT, UNBROKEN]
const IS_NAME = /^(name|fullName|givenName|familyName|title|label|meaning|city|fileName|owner|said|who)$/
const IS_ID = /^(id|key|line|sequence|\w+Id)$/

const REPLY_BYTES_MAX = 4_000_000

/** Three thousand of everything a list holds, and names as long as people have them. */
function crowded(value: unknown, key = '', depth = 0): unknown {
  if (typeof value === 'string') return IS_NAME.test(key) ? NAMES[value.length % NAMES.length] : value
  if (Array.isArray(value)) {
    const all = value.map((one) => crowded(one, key, depth + 1))
    const idOf = all.map((one) =>
      one === null || typeof one !== 'object' ? undefined : Object.keys(one).find((name) => IS_ID.test(name)),
    )
    if (all.length === 0 || idOf.some((name) => name === undefined)) return all
    // Not more than a server would ever send at once.
    const room = Math.floor(REPLY_BYTES_MAX / (JSON.stringify(all).length / all.length))
    const many = Math.max(all.length, Math.min(room, depth <= 1 ? 3000 : 30))
    return Array.from({ length: many }, (_, at) => {
      const one = all[at % all.length] as Record<string, unknown>
      const copy = Math.floor(at / all.length)
      const name = idOf[at % all.length]!
      return copy === 0 ? one : { ...one, [name]: idLike(one[name], copy) }
    })
  }
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, crowded(inner, name, depth + 1)]))
}

const idLike = (id: unknown, copy: number): unknown => {
  if (typeof id === 'number') return id + copy * 1_000_000
  const text = String(id)
  if (/^\d+$/.test(text)) return String(Number(text) + copy * 1_000_000)
  return /^[0-9a-f]{8}-/.test(text) ? copy.toString(16).padStart(8, '0') + text.slice(8) : `${text}_${copy}`
}
