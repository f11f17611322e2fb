const parts = (zone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })

/** An instant as the clock on the wall of a zone shows it, as a field of date and time takes it: '2026-03-02T09:00'. */
export function wallTime(at: Date, zone: string): string {
  const of = Object.fromEntries(
    parts(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  return `${of.year}-${of.month}-${of.day}T${of.hour}:${of.minute}`
}

const MINUTE_MS = 60_000

/**
 * The instant at which the clock of a zone shows this; of an hour that comes twice, the first; of one that is left out,
 * the moment at which the clock jumps over it. Null for what is no date and time.
 */
export function instantAt(wall: string, zone: string): Date | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(wall)) return null
  const asUtcMs = Date.parse(`${wall}:00Z`)
  if (Number.isNaN(asUtcMs)) return null
  const offsetMs = (atMs: number): number => Date.parse(`${wallTime(new Date(atMs), zone)}:00Z`) - atMs
  // Half a day on either side lies before and after any jump of the clock.
  const offsets = [offsetMs(asUtcMs - 720 * MINUTE_MS), offsetMs(asUtcMs + 720 * MINUTE_MS)]
  const candidates = offsets.map((offset) => asUtcMs - offset).sort((a, b) => a - b)
  const exact = candidates.find((atMs) => wallTime(new Date(atMs), zone) === wall)
  if (exact !== undefined) return new Date(exact)
  // Left out: what the clock before would have called so begins the hour after the jump.
  let jumpMs = candidates[0]!
  while (wallTime(new Date(jumpMs), zone) < wall) jumpMs += MINUTE_MS
  return new Date(jumpMs)
}
