/** A cell that a spreadsheet would run as a formula is given as text: OWASP's list of first characters. */
const FORMULA = /^[=+\-@\t\r]/

/** One value as a CSV field: quoted where needed, and never a formula. Numbers stay numbers, also negative ones. */
export function csvField(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  const safe = FORMULA.test(value) ? `'${value}` : value
  return /[",\n\r;]/.test(safe) || safe !== value ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A table as CSV, with a byte-order mark so that spreadsheets read it as UTF-8. */
export const csv = (rows: readonly (readonly (string | number | boolean | null | undefined)[])[]): string =>
  `\ufeff${rows.map((row) => row.map(csvField).join(',')).join('\r\n')}\r\n`

/** Hands the browser a file. */
export function giveFile(name: string, text: string, type = 'text/csv;charset=utf-8'): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
