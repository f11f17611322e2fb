/**
 * Takes the pictures of the guide from the running product: `npm run pictures`, or with the names of chapters or
 * pictures for only those. With --check it only looks whether each picture is there and each is named by a chapter.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { chapters, faults, GUIDE, PICTURE_BYTES_MAX, type Picture, picturesOf } from './guide-pictures.ts'
import { withPalette } from './palette.ts'

const ARGUMENTS = process.argv.slice(2)

if (ARGUMENTS.includes('--check')) {
  const found = faults()
  for (const fault of found) console.log(fault)
  process.exitCode = found.length > 0 ? 1 : 0
} else await takeAll(ARGUMENTS)

async function takeAll(only: readonly string[]): Promise<void> {
  const wanted = chapters()
    .flatMap(picturesOf)
    .filter(
      ({ chapter, file }) => only.length === 0 || only.some((one) => chapter.startsWith(one) || file.startsWith(one)),
    )
  if (wanted.length === 0) return
  const { mondayMorning } = await import('./monday-morning.ts')
  const { chromiumPath } = await import('#test/browser')
  if (!chromiumPath) throw new Error('No Chromium is here: install one, or set CLIENTELE_CHROMIUM.')
  const bank = await mondayMorning()
  const profile = mkdtempSync(join(tmpdir(), 'clientele-pictures-'))
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--headless',
      '--disable-gpu',
      '--no-first-run',
      '--force-color-profile=srgb',
      '--font-render-hinting=none',
    ],
    env: { ...process.env, HOME: profile } as Record<string, string>,
  })
  let failed = 0
  try {
    mkdirSync(join(GUIDE, 'pictures'), { recursive: true })
    for (const picture of wanted) {
      try {
        const bytes = await take(browser, bank, picture)
        console.log(`${picture.file}: ${Math.ceil(bytes / 1000)} kB`)
      } catch (error) {
        failed++
        console.log(
          `${picture.chapter}: ${picture.file} could not be taken: ${error instanceof Error ? error.message : error}`,
        )
      }
    }
  } finally {
    await browser.close()
    await bank.close()
    rmSync(profile, { recursive: true, force: true })
  }
  if (failed > 0) process.exitCode = 1
}

interface Bank {
  readonly url: string
  readonly now: Date
  sessionOf(login: string): Promise<string>
  /** What stands in braces in a step: a customer of the core, or something the morning's story made. */
  fill(text: string): Promise<string>
}

/** Takes one picture and says how many bytes it has. */
async function take(browser: Browser, bank: Bank, { file, as, narrow, steps }: Picture): Promise<number> {
  const context = await browser.newContext({
    viewport: narrow ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    baseURL: bank.url,
    colorScheme: 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  })
  try {
    const token = await bank.sessionOf(as)
    await context.addCookies([
      { name: 'clientele_session', value: token, url: bank.url, httpOnly: true, sameSite: 'Lax' },
    ])
    const page = await context.newPage()
    page.setDefaultTimeout(20_000)
    await page.clock.setFixedTime(bank.now)
    for (const { verb, rest } of steps) await step(page, verb, await bank.fill(rest))
    await settled(page)
    const bytes = withPalette(await page.screenshot({ animations: 'disabled', caret: 'hide' }))
    if (bytes.length > PICTURE_BYTES_MAX)
      throw new Error(`it has ${bytes.length} bytes, at most ${PICTURE_BYTES_MAX} are allowed`)
    writeFileSync(join(GUIDE, 'pictures', file), bytes)
    return bytes.length
  } finally {
    await context.close()
  }
}

async function step(page: Page, verb: string, rest: string): Promise<void> {
  const named = (): ReturnType<Page['getByText']> =>
    page
      .getByRole('button', { name: rest, exact: true })
      .or(page.getByRole('tab', { name: rest, exact: true }))
      .or(page.getByRole('link', { name: rest, exact: true }))
      .or(page.getByText(rest, { exact: true }))
      .first()
  if (verb === 'go') {
    await page.goto(rest)
    await page.locator('h1').first().waitFor()
    await settled(page)
  } else if (verb === 'click') await named().click()
  else if (verb === 'press') await page.keyboard.press(rest)
  else if (verb === 'fill') {
    const [label = '', text = ''] = rest.split(' = ')
    await page.getByLabel(label).first().fill(text)
  } else if (verb === 'choose') {
    const [label = '', option = ''] = rest.split(' = ')
    await page.getByLabel(label).first().click()
    await page.getByRole('option', { name: option }).first().click()
  } else if (verb === 'see') await page.getByText(rest).first().waitFor()
  else if (verb === 'down') await page.mouse.wheel(0, Number(rest))
}

/** Waits until what was asked for is there: no skeleton, nothing busy, charts drawn. */
async function settled(page: Page): Promise<void> {
  const coming = page.locator('main .ui-skeleton, main [aria-busy=true]')
  for (let tries = 0; (await coming.count()) > 0; tries++) {
    if (tries > 150) throw new Error('the page is still waiting for something after 30 s')
    await page.waitForTimeout(200)
  }
  await page.waitForTimeout(600)
}
