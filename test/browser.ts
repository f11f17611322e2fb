/**
 * The console in a real browser, over a test bank's own server on loopback. Where no Chromium is found, tests of the
 * console say so in their names and are not run: see `browserTests`.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { consolePages } from '#app/console'
import type { TestBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'

const FLAGS = [
  '--no-sandbox',
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Where Chromium is: CLIENTELE_CHROMIUM, or where systems usually keep it. */
export const chromiumPath: string | undefined = [
  process.env.CLIENTELE_CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((path) => path !== '' && existsSync(path))

const within = createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright'))
const axe = readFileSync(within.resolve('axe-core/axe.min.js'), 'utf8')
/**
 * In the page itself: frames are left out, since what a bank's message looks like in one runs no script, axe's neither.
 */
const LOOK = `axe.run(document, { iframes: false, resultTypes: ['violations'] }).then(({ violations }) =>
  violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) =>
    id + ': ' + help + ': ' + target.join(' ') + ': ' + (failureSummary ?? '').replaceAll('\\n', ' '))))`

/** `describe.runIf(hasBrowser)(`the console${notRunHere}`, …)`: a machine without a browser says what it left out. */
export const hasBrowser = chromiumPath !== undefined
export const notRunHere = hasBrowser ? '' : ' (not run here: no Chromium; install it or set CLIENTELE_CHROMIUM)'

export type Scheme = 'light' | 'dark'
/** The two widths that every page is looked at in. */
export const WIDTHS = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } } as const
export type Width = keyof typeof WIDTHS

export interface OpenOptions {
  scheme?: Scheme
  width?: Width
  /** Off to see what is said then. */
  scripts?: boolean
}

export interface Browsing {
  readonly url: string
  readonly browser: Browser
  readonly http: TestHttp
  /** A window of its own, with no cookies. */
  open(options?: OpenOptions): Promise<Page>
  /** Lets a page act as somebody of PEOPLE (or added by http.person), without typing a password. */
  signIn(page: Page, login: string): Promise<void>
  /** Goes to an address of the console and waits until its page is there. */
  go(page: Page, path: string): Promise<void>
  /** What axe finds wrong, as sentences; [] is clean. */
  axe(page: Page): Promise<string[]>
  /** Keeps a picture in the folder CLIENTELE_SHOTS, when there is one: never in the repository. */
  shot(page: Page, name: string): Promise<void>
  /** What any page's console or policy complained of since the last call. */
  complaints(): string[]
  close(): Promise<void>
}

/** Serves the bank's console on loopback and opens a browser. Close it before the bank. `port`: any unless given. */
export async function browse(bank: Pick<TestBank, 'rt'>, { checksReplies = true, port = 0 } = {}): Promise<Browsing> {
  const http = await testHttp(bank, { pages: await consolePages(), checksReplies })
  const url = await http.app.listen({ host: '127.0.0.1', port })
  const profile = mkdtempSync(join(tmpdir(), 'clientele-browser-'))
  const browser = await chromium.launch({
    executablePath: chromiumPath!,
    args: FLAGS,
    env: { ...process.env, HOME: profile } as Record<string, string>,
  })
  const contexts = new Set<BrowserContext>()
  let complained: string[] = []
  return {
    url,
    browser,
    http,
    async open({ scheme = 'light', width = 'wide', scripts = true } = {}) {
      const context = await browser.newContext({
        viewport: WIDTHS[width],
        colorScheme: scheme,
        reducedMotion: 'reduce',
        javaScriptEnabled: scripts,
        locale: 'en-GB',
        baseURL: url,
      })
      contexts.add(context)
      const page = await context.newPage()
      page.setDefaultTimeout(25_000)
      page.on('pageerror', (error) => complained.push(`error: ${error.message}`))
      page.on('console', (message) => {
        // A refused call is the page's business; what it then shows is tested.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          complained.push(message.text())
      })
      return page
    },
    async signIn(page, login) {
      await page
        .context()
        .addCookies([
          { name: 'clientele_session', value: await http.tokenOf(login), url, httpOnly: true, sameSite: 'Lax' },
        ])
    },
    async go(page, path) {
      await page.goto(path)
      await page
        .locator('h1')
        .first()
        .waitFor()
        .catch(async (error: Error) => {
          const shown = ((await page.locator('#root').textContent()) ?? '').slice(0, 500)
          throw new Error(`${path} showed no heading. ${complained.join('; ')} Shown: ${shown}`, { cause: error })
        })
    },
    async axe(page) {
      if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe)
      return page.evaluate<string[]>(LOOK)
    },
    async shot(page, name) {
      const folder = process.env.CLIENTELE_SHOTS
      if (!folder) return
      mkdirSync(folder, { recursive: true })
      await page.screenshot({ path: join(folder, `${name}.png`) })
    },
    complaints() {
      const said = complained
      complained = []
      return said
    },
    async close() {
      for (const context of contexts) await context.close()
      await browser.close()
      await http.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}
