import type { Clock } from '#platform/clock'

/**
 * A progress bar with the time left, redrawn in place on a terminal and printed every tenth elsewhere. The time left is
 * what the work so far took, for the part that is missing: said only when a twentieth is done, since before that it
 * would be a guess.
 */
export function progressBar(
  clock: Clock,
  write: (text: string) => void,
  { terminal, title }: { terminal: boolean; title: string },
): { to: (share: number, sentence: string) => void; end: () => void } {
  const startedMs = clock.now().getTime()
  const width = 28
  let printed = -1
  let drawnMs = 0
  return {
    to(share, sentence) {
      const done = Math.min(1, Math.max(0, share))
      const nowMs = clock.now().getTime()
      const left = done >= 0.05 ? `${Math.ceil(((nowMs - startedMs) / 1000) * (1 / done - 1))} s left` : 'estimating'
      if (terminal) {
        if (nowMs - drawnMs < 100 && done < 1) return
        drawnMs = nowMs
        const full = Math.round(done * width)
        write(
          `\r\x1b[2K${title} ${'█'.repeat(full)}${'░'.repeat(width - full)} ${Math.floor(done * 100)} %  ${left}  ${sentence.slice(0, 40)}`,
        )
      } else if (Math.floor(done * 10) > printed) {
        printed = Math.floor(done * 10)
        write(`${title} ${Math.floor(done * 100)} %, ${left}: ${sentence}\n`)
      }
    },
    end() {
      const seconds = ((clock.now().getTime() - startedMs) / 1000).toFixed(1)
      write(`${terminal ? '\r\x1b[2K' : ''}${title}: done in ${seconds} s\n`)
    },
  }
}
