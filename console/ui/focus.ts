/** As much as one walks through in a few dialogs over one another. */
const REMEMBERED = 50
/** A dialog that brings the focus back by itself does so within this. */
const SETTLES_MS = 60
/** A button that waits for an answer. */
const WAITING = '[data-loading="true"]'

const isSeen = (element: HTMLElement): boolean => element.isConnected && element.getClientRects().length > 0
const isUsable = (element: HTMLElement): boolean =>
  isSeen(element) && !element.matches(':disabled, [data-disabled="true"]')

/**
 * Nobody at a keyboard loses their place: when what had the focus goes away (a dialog that closed, a row that was
 * removed, a button that can be pressed no more), the focus goes to where it was before; a button that only waits gets
 * it back with its answer. `otherwise` takes it when nothing of that stands any more. A click beside everything still
 * takes the focus away.
 */
export function keepFocus(otherwise: () => HTMLElement | null): void {
  let trail: HTMLElement[] = []
  let waits: HTMLElement | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const isLost = (): boolean => document.activeElement === null || document.activeElement === document.body
  const mend = (): void => {
    timer = undefined
    const last = trail.at(-1)
    if (!last || !isLost()) return
    if (isUsable(last)) {
      if (waits === last) last.focus({ preventScroll: true })
      waits = undefined
      return
    }
    waits = isSeen(last) && last.matches(WAITING) ? last : undefined
    if (waits) return
    trail = trail.filter((element) => element.isConnected)
    // What lies under a dialog cannot be used while it is open.
    const dialog = [...document.querySelectorAll<HTMLElement>('[role="dialog"][aria-modal="true"]')].at(-1)
    const back = trail.findLast((element) => isUsable(element) && (!dialog || dialog.contains(element)))
    const next = back ?? dialog ?? otherwise()
    next?.focus({ preventScroll: true })
  }
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement)) return
    waits = undefined
    trail = [...trail.filter((element) => element !== target), target].slice(-REMEMBERED)
  })
  new MutationObserver(() => {
    const last = trail.at(-1)
    if (!last) return
    // An answer may come sooner than the place is found to be lost.
    if (last.matches(WAITING)) waits = last
    // What can be pressed no more keeps the focus until the page is drawn next.
    if (timer === undefined && (isLost() || last.matches(':disabled'))) timer = setTimeout(mend, SETTLES_MS)
  }).observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['disabled', 'data-disabled', 'data-loading'],
  })
}
