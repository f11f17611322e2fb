const SHARE = 0.5
const SECOND_MS = 1000
const STEPS = [0, 0.1, 0.25, 0.5, 0.75, 1]

/** Half of it, or, of something larger than the window, half of the window. */
const enough = ({ intersectionRatio, intersectionRect, rootBounds }: IntersectionObserverEntry): boolean =>
  intersectionRatio >= SHARE ||
  (rootBounds !== null &&
    intersectionRect.width * intersectionRect.height >= rootBounds.width * rootBounds.height * SHARE)

/** Whether somebody could see it at all: not hidden, not see-through. */
const visible = (element: Element): boolean =>
  typeof element.checkVisibility !== 'function' ||
  element.checkVisibility({ opacityProperty: true, visibilityProperty: true })

/**
 * Calls back once when the element has truly been seen: half of it, for one whole second, on a page that is in front.
 * Returns how to stop.
 */
export function whenSeen(element: Element, seen: () => void): () => void {
  let inView = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = (): void => {
    clearTimeout(timer)
    if (!inView || document.visibilityState !== 'visible') return
    timer = setTimeout(() => {
      if (!visible(element)) return look()
      stop()
      seen()
    }, SECOND_MS)
  }
  const observer = new IntersectionObserver(
    (entries) => {
      const now = enough(entries[entries.length - 1]!)
      // Only a change counts: scrolling about within the half must not begin the second anew.
      if (now === inView) return
      inView = now
      look()
    },
    { threshold: STEPS },
  )
  const stop = (): void => {
    clearTimeout(timer)
    observer.disconnect()
    document.removeEventListener('visibilitychange', look)
  }
  observer.observe(element)
  document.addEventListener('visibilitychange', look)
  return stop
}
