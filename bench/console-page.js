// Runs in the page before its own scripts, and measures there, where frames are seen.
{
  const useful = () =>
    document.querySelector('main h1') !== null &&
    document.querySelector('main .ui-skeleton, main [aria-busy="true"]') === null
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())))
  const until = async (holds, waitMs = 15_000) => {
    const endMs = performance.now() + waitMs
    while (!holds()) if ((await frame()) > endMs) throw new Error(`not within ${waitMs} ms at ${location.pathname}`)
    // What holds in this frame is on the screen in the next.
    return frame()
  }
  /** When the latest letter came into a field: a key is let go of only later. */
  let typedMs = 0
  addEventListener('input', () => (typedMs = performance.now()), { capture: true })
  const scriptBytes = () =>
    performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('.js'))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)
  const measure = {
    /** Milliseconds from the start of the navigation. */
    firstUseful: until(useful, 60_000).then((ms) => {
      measure.scriptBytes = scriptBytes()
      return ms
    }),
    /** Script that had come by then. */
    scriptBytes: 0,
    /** Script that has come once nothing more comes of the page by itself. */
    async settledBytes(quietMs) {
      const assets = () => performance.getEntriesByType('resource').filter(({ name }) => !name.includes('/api/'))
      while (performance.now() - Math.max(...assets().map(({ responseEnd }) => responseEnd)) < quietMs) await frame()
      return scriptBytes()
    },
    /** From a click on a link of the page to the frame in which the page it leads to is useful. */
    async change(to) {
      const before = document.querySelector('main h1')
      const said = before?.textContent
      const isThere = () => {
        const now = document.querySelector('main h1')
        return (now !== before || now?.textContent !== said) && location.pathname === to.split('?')[0] && useful()
      }
      const link = document.querySelector(`a[href="${to}"]`) ?? undefined
      const fromMs = performance.now()
      if (link) link.click()
      else {
        history.pushState(null, '', to)
        dispatchEvent(new PopStateEvent('popstate'))
      }
      return (await until(isThere)) - fromMs
    },
    /** Turns the wheel for a while, and tells how long each frame took. */
    async scroll(ms, stepPixels) {
      const box =
        [...document.querySelectorAll('main [data-scrolls], main *')].find(
          (element) =>
            element.scrollHeight > element.clientHeight + 2000 &&
            /auto|scroll/.test(getComputedStyle(element).overflowY),
        ) ?? document.scrollingElement
      const took = []
      const startMs = performance.now()
      let beforeMs = await frame()
      while (performance.now() - startMs < ms) {
        box.scrollBy({ top: stepPixels, behavior: 'instant' })
        const nowMs = await frame()
        took.push(nowMs - beforeMs)
        beforeMs = nowMs
      }
      return { took, height: box.scrollHeight, reached: box.scrollTop }
    },
    /** From the last key to the frame in which the number is that of the text. */
    async counted(text) {
      const shown = () =>
        [...document.querySelectorAll('[role="status"][data-count-of]')].some(
          (element) => element.getAttribute('data-count-of') === text,
        )
      return (await until(shown)) - typedMs
    },
    /** From the last key to the frame in which whoever was found for the text stands there; NaN when nobody is. */
    async found(text) {
      const results = () => document.querySelector('[data-found-of]')
      const tookMs = (await until(() => results()?.getAttribute('data-found-of') === text)) - typedMs
      return results().querySelector('[role="gridcell"]') ? tookMs : Number.NaN
    },
    links: () => [
      ...new Set([...document.querySelectorAll('nav a[href^="/"]')].map((link) => link.getAttribute('href'))),
    ],
  }
  Object.defineProperty(window, 'measure', { value: measure })
}
