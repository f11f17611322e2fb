/** One column that holds personal data, as its comment in the schema declares it. */
export interface PersonalColumn {
  /** 'know.customer' */
  table: string
  column: string
  type: string
  /** What it is held for. */
  purpose: string
  /** How long, or until what. */
  retention: string
}

/** A column as the database describes it. */
export interface Column {
  table: string
  column: string
  type: string
  comment: string | null
}

const TAG = /^personal:\s*(?<purpose>[^;]+);\s*retention:\s*(?<retention>.+)$/s

// Names under which banks keep what is about a person, whole words between underscores.
const PERSONAL_NAME =
  /(^|_)(given|family|full|maiden|user|display|login)_name$|(^|_)(birth|born|email|mail|phone|mobile|address|street|postcode|zip|city|iban|passport|nationality|gender|sex|evidence|said|password|ip|device|photo)(_|$)|(^|_)(national|tax|social|identity)_(id|number)$/

// Someone of the staff: made_by, noted_by.
const STAFF_NAME = /_by$/

const TEXTUAL = /^(text|character|bytea|jsonb?|inet|citext|date$|uuid$)/

/** The declaration in a column's comment, or undefined when it makes none. */
export function tagOf(comment: string | null): Pick<PersonalColumn, 'purpose' | 'retention'> | undefined {
  const { purpose, retention } = TAG.exec(comment ?? '')?.groups ?? {}
  return purpose && retention ? { purpose: purpose.trim(), retention: retention.trim() } : undefined
}

/** The columns that are declared personal. */
export const declared = (columns: readonly Column[]): PersonalColumn[] =>
  columns.flatMap(({ comment, ...column }) => {
    const tag = tagOf(comment)
    return tag ? [{ ...column, ...tag }] : []
  })

/**
 * Columns that look personal by their name, and say nothing; or that begin to say it and don't finish. A column that
 * looks personal and isn't says why: 'not personal: …'.
 */
export const undeclared = (columns: readonly Column[]): Column[] =>
  columns.filter(({ column, type, comment }) => {
    if (tagOf(comment) || comment?.startsWith('not personal:')) return false
    if (comment?.startsWith('personal')) return true
    return TEXTUAL.test(type) && (PERSONAL_NAME.test(column) || (STAFF_NAME.test(column) && !type.startsWith('bytea')))
  })

/** The register as a page for the bank's data protection officer. */
export function registerPage(columns: readonly PersonalColumn[]): string {
  const byTable = Map.groupBy(columns, ({ table }) => table)
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
  const tables = [...byTable].map(([table, rows]) =>
    [
      `## ${table}`,
      '',
      '| Column | Held for | Kept |',
      '|---|---|---|',
      ...rows.map(({ column, purpose, retention }) => `| ${column} | ${cell(purpose)} | ${cell(retention)} |`),
      '',
    ].join('\n'),
  )
  return [
    '# Personal data',
    '',
    'Every column that holds personal data, what it is held for and how long. Generated from the comments in the',
    'database schema, which are the register: a column that looks personal and declares nothing fails the checks.',
    '',
    ...tables,
  ].join('\n')
}
