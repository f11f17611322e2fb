/** Somebody without a mouse: walks a page with Tab, and looks at every step whether they still see where they are. */
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** As many stops as no page of the console has. */
const STOPS_MAX = 220
/** What is looked for may still be on its way to the page: so long the walk begins again. */
const WAIT_MS = 25_000

/** Where the focus stands: what it is called, what it is, and what is wrong with it, if anything. */
const HERE = `(() => {
  const at = document.activeElement
  if (!at || at === document.body) return { name: '', role: '', wrong: 'nothing has the focus' }
  const words = (text) => (text ?? '').replace(/\\s+/g, ' ').trim()
  const labelled = (at.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => words(document.getElementById(id)?.textContent)).join(' ')
  const labels = [...(at.labels ?? [])].map((label) => words(label.textContent)).join(' ')
  const name = words(at.getAttribute('aria-label')) || words(labelled) || words(labels) || words(at.textContent) || words(at.getAttribute('placeholder'))
  const type = at.getAttribute('type')
  const role = at.getAttribute('role') ?? { A: 'link', BUTTON: 'button', TEXTAREA: 'textbox', MAIN: 'main',
    INPUT: type === 'radio' || type === 'checkbox' ? type : 'textbox' }[at.tagName] ?? at.tagName.toLowerCase()
  // What is drawn for it may be its label or the thing beside it: a radio button is drawn by what follows it.
  const drawn = [at, at.nextElementSibling, at.parentElement, at.parentElement?.parentElement, ...(at.labels ?? [])].filter(Boolean)
  const marked = role === 'main' || drawn.some((one) => {
    const style = getComputedStyle(one)
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 && one.getClientRects().length > 0
  })
  const seen = drawn.some((one) => { const box = one.getBoundingClientRect(); return box.width > 1 && box.bottom > 0 && box.top < innerHeight })
  return { name, role, wrong: marked ? (seen ? '' : 'it is out of sight') : 'nothing marks it' }
})()`

interface Here {
  readonly name: string
  readonly role: string
  readonly wrong: string
}

export interface Keys {
  press(...keys: string[]): Promise<void>
  type(text: string): Promise<void>
  /** Walks on with Tab to what is called so. */
  to(role: string, name: string | RegExp): Promise<void>
  /** Walks there and presses Enter. */
  enter(role: string, name: string | RegExp): Promise<void>
  here(): Promise<Here>
  /** The focus stands somewhere, in sight and marked; called so, where a name is given. */
  stands(name?: string | RegExp): Promise<void>
}

export function keysOf(page: Page): Keys {
  const { keyboard } = page
  const here = () => page.evaluate<Here>(HERE)
  const fits = ({ name }: Here, wanted: string | RegExp): boolean =>
    typeof wanted === 'string' ? name === wanted : wanted.test(name)
  const to: Keys['to'] = async (role, name) => {
    const passed: string[] = []
    const until = performance.now() + WAIT_MS
    let left = false
    for (let stop = 0; stop < STOPS_MAX; stop++) {
      const at = await here()
      if (at.role === role && fits(at, name)) return expect(at.wrong, `${role} “${at.name}”`).toBe('')
      passed.push(`${at.role} ${at.name.slice(0, 40)}`)
      // After the last stop the browser's own bar has the focus, once, before it comes round.
      if (stop > 0 && at.role !== '') expect(at.wrong, `${at.role} “${at.name}”, on the way to “${name}”`).toBe('')
      if (at.role === '' && stop > 0) {
        if (left && performance.now() > until) break
        if (left) stop = 0
        left = true
      }
      await keyboard.press('Tab')
    }
    throw new Error(`No ${role} “${name}” was reached with Tab. Passed: ${[...new Set(passed)].join(' | ')}`)
  }
  return {
    async press(...keys) {
      for (const key of keys) await keyboard.press(key)
    },
    type: (text) => keyboard.type(text),
    to,
    async enter(role, name) {
      await to(role, name)
      const opens = await page.evaluate<boolean>(`document.activeElement?.getAttribute('aria-haspopup') === 'menu'`)
      await keyboard.press('Enter')
      // A menu takes the focus once it is drawn; whoever goes on before stands beside it, and it closes.
      if (opens)
        await expect
          .poll(() => page.evaluate<boolean>(`document.activeElement?.closest('[role=menu]') != null`), {
            timeout: WAIT_MS,
          })
          .toBe(true)
    },
    here,
    async stands(name) {
      await expect
        .poll(
          async () => {
            const at = await here()
            return at.wrong || (name === undefined || fits(at, name) ? '' : `${at.role} “${at.name}” has the focus`)
          },
          { timeout: 20_000 },
        )
        .toBe('')
    },
  }
}
