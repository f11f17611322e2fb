/**
 * What somebody types between the key that opens the search and the moment when its box has the focus. The search is
 * loaded when it is first asked for, and whoever has a caller on the line does not wait for it.
 */
const WAIT_MS_MAX = 10_000
let typed = ''
let entered = false
let stop: (() => void) | undefined

export interface Early {
  readonly text: string
  /** Whether Enter was pressed behind it. */
  readonly entered: boolean
}

function keep(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  if (event.key === 'Backspace') typed = [...typed].slice(0, -1).join('')
  else if (event.key === 'Enter') entered = true
  else if ([...event.key].length === 1) typed += event.key
  else return
  // It is meant for the search, not for what has the focus until then.
  event.preventDefault()
  event.stopPropagation()
}

/** Begins to keep what is typed, until `takeEarlyKeys` or ten seconds later. */
export function keepEarlyKeys(): void {
  if (stop) return
  typed = ''
  entered = false
  window.addEventListener('keydown', keep, { capture: true })
  const timer = setTimeout(() => stop?.(), WAIT_MS_MAX)
  stop = () => {
    window.removeEventListener('keydown', keep, { capture: true })
    clearTimeout(timer)
    stop = undefined
  }
}

/** What was typed since, once; nothing is kept from here on. */
export function takeEarlyKeys(): Early {
  const early = { text: typed, entered }
  stop?.()
  typed = ''
  entered = false
  return early
}
