import Type from 'typebox'
import type { BankCalendar } from '#platform/clock'
import { unavailable } from '#platform/errors'
import { type DocumentOf, documentSchema, refersTo } from './contract.ts'
import { shown } from './document.ts'
import { type Document, documentOf, documentsOf, type Kind, type Revision } from './kind.ts'
import { compiled } from './running.ts'

const DateText = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: "a date like '2026-12-25'" })

/** Working weekdays 1 (Monday) to 7, and holidays as dates of the bank's zone. */
export const CalendarDocument = documentSchema('calendar', {
  workingWeekdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
    minItems: 1,
    maxItems: 7,
    uniqueItems: true,
  }),
  holidays: Type.Array(
    Type.Object(
      { date: DateText, name: Type.String({ minLength: 1, maxLength: 80 }) },
      { additionalProperties: false },
    ),
    { maxItems: 1000 },
  ),
})

/** Who the bank is: one document per playbook. Zone is an IANA name, currency an ISO 4217 code, languages ISO 639-1. */
export const BankDocument = documentSchema('bank', {
  zone: Type.String({ minLength: 1, maxLength: 64, description: "an IANA time zone like 'Europe/Lisbon'" }),
  currency: Type.String({ pattern: '^[A-Z]{3}$', description: "a currency code like 'EUR'" }),
  languages: Type.Array(Type.String({ pattern: '^[a-z]{2}$', description: "a language code like 'en'" }), {
    minItems: 1,
    maxItems: 20,
    uniqueItems: true,
  }),
  calendar: refersTo('calendar'),
})

type BankFields = DocumentOf<typeof BankDocument>
type CalendarFields = DocumentOf<typeof CalendarDocument>

/** The bank as its playbook describes it. */
export interface Bank {
  name: string
  zone: string
  currency: string
  languages: readonly string[]
  calendar: BankCalendar
}

const isZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined
  } catch {
    return false
  }
}

const isDate = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

export const bankKind: Kind<BankFields> = {
  kind: 'bank',
  folder: 'bank',
  schema: BankDocument,
  documentsMin: 1,
  documentsMax: 1,
  check: (bank, _set, tools) =>
    isZone(bank.zone)
      ? []
      : [
          tools.finding(['zone'], {
            found: shown(bank.zone),
            expected: "an IANA time zone like 'Europe/Lisbon'",
            message: 'There is no such time zone: write it as Area/City.',
          }),
        ],
}

export const calendarKind: Kind<CalendarFields> = {
  kind: 'calendar',
  folder: 'calendars',
  schema: CalendarDocument,
  documentsMin: 1,
  check: (calendar, _set, tools) =>
    calendar.holidays.flatMap(({ date }, at) =>
      isDate(date)
        ? []
        : [
            tools.finding(['holidays', at, 'date'], {
              found: shown(date),
              expected: 'a day that exists',
              message: 'There is no such day: correct it.',
            }),
          ],
    ),
}

/** Every playbook has these. */
export const ownKinds: readonly Kind<never>[] = [bankKind, calendarKind]

/** The bank of a revision. Throws `no_playbook` when the revision is the empty one. */
export function bankOf(revision: Pick<Revision, 'documents'>): Bank {
  return compiled(revision, 'trust/playbook:bank', () => {
    const [bank] = documentsOf<BankFields & Document>(revision, 'bank')
    const calendar = bank && documentOf<CalendarFields & Document>(revision, 'calendar', bank.calendar)
    if (!bank || !calendar) {
      throw unavailable(
        'no_playbook',
        {},
        'The bank has no playbook yet, so its zone, currency and calendar are unknown.',
        'Activate one: clientele playbook push FOLDER.',
      )
    }
    return {
      name: bank.title,
      zone: bank.zone,
      currency: bank.currency,
      languages: bank.languages,
      calendar: {
        zone: bank.zone,
        workingWeekdays: calendar.workingWeekdays,
        holidays: calendar.holidays.map((holiday) => holiday.date),
      },
    }
  })
}
