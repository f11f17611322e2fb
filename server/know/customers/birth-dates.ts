/** A month's name or its beginning, in the languages of the telephone: English, German, French, Spanish, Czech ends in its own. */
const MONTHS: readonly (readonly string[])[] = [
  ['jan', 'jän', 'ene'],
  ['feb', 'fév', 'fev'],
  ['mar', 'mär', 'mrz'],
  ['apr', 'avr', 'abr'],
  ['may', 'mai', 'mayo'],
  ['jun', 'juin'],
  ['jul', 'juil'],
  ['aug', 'aoû', 'aou', 'ago'],
  ['sep'],
  ['oct', 'okt'],
  ['nov'],
  ['dec', 'dez', 'déc', 'dic'],
]

const monthOf = (word: string): number | undefined => {
  const lower = word.toLowerCase()
  const at = MONTHS.findIndex((names) => names.some((name) => lower.startsWith(name)))
  return at < 0 ? undefined : at + 1
}

const isDate = (date: string): boolean => {
  const ms = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date)
}

/** Nobody alive was born in another century than these; two digits of a year may mean either. */
const yearsOf = (written: string): number[] => {
  const year = Number(written)
  return written.length === 4 ? [year] : [1900 + year, 2000 + year]
}

const written = (years: readonly number[], month: number, day: number): string[] =>
  years.map((year) => `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`).filter(isDate)

const FORMS: readonly [RegExp, (parts: string[]) => string[]][] = [
  [/(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)/, ([y, m, d]) => written(yearsOf(y!), Number(m), Number(d))],
  // 12.3.1984 begins with the day; 3/12/1984 may begin with the month.
  [/(?<!\d)(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d{2})(?!\d)/, ([d, m, y]) => written(yearsOf(y!), Number(m), Number(d))],
  [
    /(?<!\d)(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?!\d)/,
    ([a, b, y]) => [...written(yearsOf(y!), Number(b), Number(a)), ...written(yearsOf(y!), Number(a), Number(b))],
  ],
  [
    /(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.)? (?:of )?(\p{L}{3,12})\.?,? (\d{4}|\d{2})(?!\d)/u,
    ([d, m, y]) => named(m!, d!, y!),
  ],
  [/(\p{L}{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)/u, ([m, d, y]) => named(m!, d!, y!)],
]

function named(month: string, day: string, year: string): string[] {
  const number = monthOf(month)
  return number === undefined ? [] : written(yearsOf(year), number, Number(day))
}

/**
 * The birth dates that a text may name ('YYYY-MM-DD', each once), and what else it says: a name, mostly. Undefined when
 * it names none. Pure.
 */
export function birthDatesIn(text: string): { dates: string[]; rest: string } | undefined {
  for (const [form, read] of FORMS) {
    const found = form.exec(text)
    if (!found) continue
    const dates = [...new Set(read(found.slice(1)))]
    if (dates.length === 0) continue
    const rest = `${text.slice(0, found.index)} ${text.slice(found.index + found[0].length)}`
    return {
      dates,
      rest: rest
        .replace(/\b(born|geb|geboren|am|on)\b\.?/giu, ' ')
        .replace(/[\s,;*]+/gu, ' ')
        .trim(),
    }
  }
  return undefined
}
