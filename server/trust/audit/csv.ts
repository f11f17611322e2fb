/**
 * One field of a CSV line (RFC 4180). A leading =, +, -, @, tab or return would be run as a formula by a spreadsheet: an
 * apostrophe before it makes it text. A number stays one, also below nothing.
 */
export function csvField(value: unknown): string {
  if (typeof value === 'number') return String(value)
  const text = value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const csvLine = (values: readonly unknown[]): string => `${values.map(csvField).join(',')}\r\n`
