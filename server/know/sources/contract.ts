import Type, { type Static } from 'typebox'
import { BusinessDate, ItemId } from '#platform/http/contract'
import { type DocumentOf, documentSchema } from '#trust/playbook/contract'

const strict = { additionalProperties: false }

/** A column's name in the header, in any script; a point parts it from the name of a joined file. */
const NAME = '[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}_ ()/%#&+€$-]{0,79}'
/** A column of the file by its header name, or of a joined file as 'owner.client_id'. */
const Column = Type.String({ pattern: `^${NAME}(\\.${NAME})?$` })
const Token = Type.String({ minLength: 1, maxLength: 200 })
const Scalar = Type.Union([Type.String({ maxLength: 400 }), Type.Integer(), Type.Boolean()])
/** Name of a source's own numbering, e.g. core_account: whose ids these are. */
const Namespace = Type.String({ pattern: '^[a-z][a-z0-9_]{0,59}$' })

/** A date's or an instant's form: YYYY YY, MM M or MMM (Mar), DD or D, hh mm ss and the characters between them. */
const Format = Type.String({ pattern: '^[YMDhmsTZ .:/-]{4,30}$' })

/**
 * How one field of a row becomes one value: a closed set, so that every mapping compiles to one ClickHouse query and
 * every failure has a place, a found and an expected.
 */
export const FieldSpec = Type.Union(
  [
    Column,
    Type.Object({ value: Scalar }, { ...strict, title: 'the same value in every row' }),
    Type.Object(
      { text: Column, change: Type.Optional(Type.Union([Type.Literal('upper'), Type.Literal('lower')])) },
      { ...strict, title: 'the text of a column' },
    ),
    Type.Object(
      { join: Type.Array(Column, { minItems: 1, maxItems: 6 }), with: Type.Optional(Type.String({ maxLength: 5 })) },
      { ...strict, title: 'several columns, one after the other' },
    ),
    Type.Object(
      {
        date: Column,
        /** iso: a date as 2026-03-02, or the day of an instant, which without an offset is of the zone. */
        format: Type.Union([Format, Type.Literal('iso')]),
        /** For two-digit years: the century they are in, e.g. 1900. */
        century: Type.Optional(Type.Integer({ minimum: 1800, maximum: 2100, multipleOf: 100 })),
        zone: Type.Optional(Token),
      },
      { ...strict, title: 'a date' },
    ),
    Type.Object(
      { instant: Column, format: Type.Union([Format, Type.Literal('iso')]), zone: Type.Optional(Token) },
      { ...strict, title: 'an instant; without an offset, in the zone' },
    ),
    Type.Object({ integer: Column }, { ...strict, title: 'a whole number' }),
    Type.Object(
      {
        amount: Column,
        /** Where money out stands in a column of its own: it is taken from the amount. */
        less: Type.Optional(Column),
        /** ISO code, or the column that holds it: its exponent says how many minor units there are. */
        currency: Type.Optional(
          Type.Union([Type.String({ pattern: '^[A-Z]{3}$' }), Type.Object({ column: Column }, strict)]),
        ),
        decimal: Type.Optional(Type.Union([Type.Literal('.'), Type.Literal(',')])),
        /** What stands between thousands; without it such an amount is quarantined. A blank may be of any width. */
        thousands: Type.Optional(Type.Enum(['.', ',', ' ', "'"])),
        in: Type.Optional(Type.Union([Type.Literal('major'), Type.Literal('minor')])),
        /** The customer's view: money in is positive, money out and debts are negative. */
        sign: Type.Optional(
          Type.Union([
            Type.Literal('as_given'),
            Type.Literal('opposite'),
            /** As 12,50- */
            Type.Literal('behind'),
            Type.Object(
              {
                by: Column,
                plus: Type.Array(Type.String(), { minItems: 1 }),
                minus: Type.Array(Type.String(), { minItems: 1 }),
                /** A minus beside such a column turns its sense, as in a debit of -5; else the row is quarantined. */
                negative: Type.Optional(Type.Literal('turns')),
              },
              strict,
            ),
          ]),
        ),
      },
      { ...strict, title: 'an amount of money, in minor units' },
    ),
    Type.Object(
      {
        map: Type.Union([Column, Type.Array(Column, { minItems: 2, maxItems: 4 })]),
        /** Keys are the column's text; for several columns, their texts joined by '|'. */
        to: Type.Record(Type.String(), Scalar),
        /** What all other texts become; without it they are quarantined. */
        otherwise: Type.Optional(Type.Union([Scalar, Type.Null()])),
      },
      { ...strict, title: 'a list of texts and what each becomes' },
    ),
    Type.Object(
      { birthNumber: Column, gives: Type.Union([Type.Literal('birth_on'), Type.Literal('sex')]) },
      { ...strict, title: 'a Czech birth number YYMMDD, women month + 50, before 1954' },
    ),
    Type.Object(
      {
        lookup: Type.Union([Type.Literal('customer'), Type.Literal('holding')]),
        namespace: Namespace,
        of: Column,
        /** For a holding: its first owner instead of itself. */
        gives: Type.Optional(Type.Union([Type.Literal('itself'), Type.Literal('owner')])),
      },
      { ...strict, title: "our number for a source's own id" },
    ),
    Type.Object(
      {
        addMonths: Column,
        to: Type.Object({ date: Column, format: Format, century: Type.Optional(Type.Integer()) }, strict),
      },
      { ...strict, title: 'a date so many months later' },
    ),
  ],
  { description: 'How a value is made from the columns of a row.' },
)
export type FieldSpec = Static<typeof FieldSpec>

const FileFormat = Type.Object(
  {
    type: Type.Union([Type.Literal('delimited'), Type.Literal('json_lines'), Type.Literal('parquet')]),
    delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 1, default: ',' })),
    quote: Type.Optional(Type.Union([Type.Literal('"'), Type.Literal('none')])),
    header: Type.Optional(Type.Boolean({ default: true })),
    encoding: Type.Optional(
      Type.Enum([
        'utf-8',
        'windows-1250',
        'windows-1251',
        'windows-1252',
        'windows-1253',
        'windows-1254',
        'windows-1257',
        'iso-8859-1',
        'iso-8859-2',
        'iso-8859-5',
        'iso-8859-7',
        'iso-8859-9',
        'iso-8859-15',
        'shift_jis',
        'euc-jp',
        'euc-kr',
        'big5',
        'gb18030',
      ]),
    ),
  },
  strict,
)
export type FileFormat = Static<typeof FileFormat>

const FilePattern = Type.String({
  pattern: '^[A-Za-z0-9_.*-]{1,120}$',
  description: 'A file name; * stands for any text.',
})

export const JoinedFile = Type.Object(
  {
    file: FilePattern,
    columns: Type.Array(Column, { minItems: 1, maxItems: 200 }),
    /** The joined file's key column, unique among its rows (after where). */
    key: Column,
    /** The column of the row, or of an earlier joined file, that holds the key. */
    on: Column,
    where: Type.Optional(Type.Record(Type.String(), Type.String())),
    format: Type.Optional(FileFormat),
  },
  strict,
)
export type JoinedFile = Static<typeof JoinedFile>

export const TARGETS = [
  'branch',
  'customer',
  'holding',
  'role',
  'standing',
  'relation',
  'transaction',
  'consent',
  'event',
] as const
export type Target = (typeof TARGETS)[number]

/** A playbook document of kind source: which file, how it is read, and what each row becomes. */
export const SourceDocument = documentSchema('source', {
  file: FilePattern,
  format: FileFormat,
  /** The columns that must be there, whatever their order when there is a header. */
  columns: Type.Array(Column, { minItems: 1, maxItems: 500 }),
  otherColumns: Type.Optional(Type.Union([Type.Literal('refuse'), Type.Literal('ignore')])),
  with: Type.Optional(Type.Record(Namespace, JoinedFile)),
  target: Type.Enum(TARGETS),
  /** For customers and holdings: the numbering their keys belong to; others may look them up by it. */
  namespace: Type.Optional(Namespace),
  /** The columns that name the row: given again with the same content it is a duplicate, with another a conflict. */
  key: Type.Array(Column, { minItems: 1, maxItems: 6 }),
  fields: Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]{0,59}$' }), FieldSpec),
  /** The field whose date must not be later than the as-of date; transactions and events: their own date. */
  cutOff: Type.Optional(Type.String()),
  /** Set the holding's balance from the last balance of its transactions. */
  balances: Type.Optional(Type.Boolean()),
  control: Type.Optional(
    Type.Object(
      {
        /** A JSON file beside the data: {"rows": 49102, "sum": "123.45", "businessDate": "2026-03-02"}; * as in file. */
        file: Type.Optional(FilePattern),
        rows: Type.Optional(Type.Integer({ minimum: 0 })),
        sumMinor: Type.Optional(Type.Integer()),
        /** The target field that is summed. */
        sumOf: Type.Optional(Type.String()),
      },
      strict,
    ),
  ),
  /** When the feed is expected: late after this time of a working day. */
  due: Type.Optional(Type.Object({ at: Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' }) }, strict)),
  rowBytesMax: Type.Optional(Type.Integer({ minimum: 100, maximum: 1_000_000 })),
  fileBytesMax: Type.Optional(Type.Integer({ minimum: 1 })),
})
export type Source = DocumentOf<typeof SourceDocument>

export const FEED_STATES = ['reading', 'applying', 'applied', 'unbalanced', 'refused'] as const

export const Feed = Type.Object({
  feedId: Type.Integer(),
  source: ItemId,
  businessOn: BusinessDate,
  fileName: Type.String(),
  state: Type.Enum(FEED_STATES),
  refusedBecause: Type.Union([Type.String(), Type.Null()]),
  asOf: Type.Union([BusinessDate, Type.Null()]),
  rowsRead: Type.Integer(),
  rowsApplied: Type.Integer(),
  rowsDuplicate: Type.Integer(),
  rowsQuarantined: Type.Integer(),
  controlRows: Type.Union([Type.Integer(), Type.Null()]),
  controlSumMinor: Type.Union([Type.Integer(), Type.Null()]),
  foundSumMinor: Type.Union([Type.Integer(), Type.Null()]),
  givenBy: Type.String(),
  givenAt: Type.String(),
  settledAt: Type.Union([Type.String(), Type.Null()]),
})
export type Feed = Static<typeof Feed>

export const FeedHealth = Type.Object({
  source: ItemId,
  title: Type.String(),
  target: Type.String(),
  state: Type.Enum(['ok', 'late', 'unbalanced', 'refused', 'never']),
  /** The business date up to which this source is known; null when it never came. */
  asOf: Type.Union([BusinessDate, Type.Null()]),
  dueAt: Type.Union([Type.String(), Type.Null()]),
})
export type FeedHealth = Static<typeof FeedHealth>

export const QuarantinedRow = Type.Object({
  feedId: Type.Integer(),
  line: Type.Integer(),
  reason: Type.String(),
  field: Type.Union([Type.String(), Type.Null()]),
  found: Type.Union([Type.String(), Type.Null()]),
  expected: Type.Union([Type.String(), Type.Null()]),
  raw: Type.String(),
})
export type QuarantinedRow = Static<typeof QuarantinedRow>

export const FeedList = Type.Object({
  feeds: Type.Array(Feed),
  /** Ask again with `before` at this number; null at the end. */
  next: Type.Union([Type.Integer(), Type.Null()]),
})
export const FeedHealthList = Type.Object({ sources: Type.Array(FeedHealth) })
export const WaitingReply = Type.Object({
  waiting: Type.Array(
    Type.Object({
      source: ItemId,
      attributes: Type.Array(Type.Object({ id: ItemId, title: Type.String() }), {
        description: 'What is not known as it should be until the source has come; rules that read it fail closed.',
      }),
    }),
  ),
})
export const FeedsQuery = Type.Object(
  {
    source: Type.Optional(ItemId),
    state: Type.Optional(Type.Enum(['reading', 'applying', 'applied', 'unbalanced', 'refused'])),
    quarantined: Type.Optional(Type.Boolean({ description: 'Only those with rows in quarantine now.' })),
    before: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Feeds with a smaller number: `next` of the page before.' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
  },
  strict,
)
export const QuarantinedLineParams = Type.Object(
  { feedId: Type.Integer({ minimum: 1 }), line: Type.Integer({ minimum: 0 }) },
  strict,
)

export const FeedParams = Type.Object({ feedId: Type.Integer({ minimum: 1 }) }, strict)
export const QuarantineQuery = Type.Object(
  {
    reason: Type.Optional(Type.String({ maxLength: 200, description: 'Only rows with this reason.' })),
    after: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
  },
  strict,
)
export const QuarantineReply = Type.Object({
  reasons: Type.Array(Type.Object({ reason: Type.String(), rows: Type.Integer() })),
  rows: Type.Array(QuarantinedRow),
})
export const GiveAgainBody = Type.Object({ asOf: Type.Optional(BusinessDate) }, strict)
