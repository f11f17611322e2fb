import { fieldValue, fitted, type RowCheck } from './columns.ts'
import type { FileFormat, Source } from './contract.ts'
import { text } from './quote.ts'
import { columnText, delimitedFields, type Positions } from './reading.ts'
import { type Holds, TARGET, targetField } from './targets.ts'

/** A mapping compiled for one file: the table its rows are computed into, and the query that computes them. */
export interface Compiled {
  /** Columns of the stage table beyond line, key, digest, problem and found. */
  fields: { name: string; holds: Holds }[]
  /** What each problem number (1 is the first) means. */
  checks: { field: string | null; reason: string; expected: string }[]
  /** Which of our numbers are looked up, for which the source's own ids must be at hand. */
  lookups: { kind: 'customer' | 'holding'; namespace: string }[]
  createStage: string
  /** Insert of the rows with `{from:UInt64} < line <= {to:UInt64}` of feed `{feed:Int64}`. */
  fillStage: string
  /** SQL over the stage that adds up the controlled field; undefined when none is controlled. */
  controlSum?: string
}

export interface CompileTools {
  stage: string
  zone: string
  currency: string
  asOf: string | null
  /** Header positions of the main file and of each joined one. */
  positions: ReadonlyMap<string, Positions>
}

const TYPE: Readonly<Record<Holds, string>> = {
  text: 'String',
  date: 'Nullable(Date32)',
  instant: "Nullable(DateTime64(3, 'UTC'))",
  integer: 'Nullable(Int64)',
  money: 'Nullable(Int64)',
  flag: 'Nullable(UInt8)',
  customer: 'Int64',
  holding: 'Int64',
}

const ROW_BYTES_MAX = 65_536
const id = (name: string): string => `\`${name}\``
const partOf = (column: string): string => (column.includes('.') ? column.slice(0, column.indexOf('.')) : 'main')

/** Expressions wrong with a line before any field of it can be read. */
function shapeChecks(source: Source, positions: Positions): RowCheck[] {
  const check = (reason: string, bad: string, found: string, expected: string): RowCheck => ({
    field: null,
    reason,
    bad,
    found,
    expected,
  })
  const checks = [
    check(
      'row_too_long',
      `size > ${source.rowBytesMax ?? ROW_BYTES_MAX}`,
      'toString(size)',
      `at most ${source.rowBytesMax ?? ROW_BYTES_MAX} bytes`,
    ),
    check(
      'broken_encoding',
      'encoding_broken',
      `'bytes that are not ${(source.format.encoding ?? 'utf-8').toUpperCase()}'`,
      'text in the encoding the mapping names',
    ),
  ]
  if (source.format.type === 'delimited') {
    checks.push(
      check(
        'broken_quotes',
        'quotes_broken',
        "'a quote inside or around part of a field'",
        'quotes around whole fields only',
      ),
    )
    checks.push(
      check(
        'ragged_row',
        `width != ${positions.size}`,
        "concat(toString(width), ' fields')",
        `${positions.size} fields`,
      ),
    )
  } else {
    checks.push(check('malformed_json', 'quotes_broken', "'text that is not a JSON object'", 'one JSON object a line'))
  }
  return checks
}

/** SQL that is true where bytes of another encoding had no meaning in it: the reader has put U+FFFD in their place. */
const undecoded = ({ encoding = 'utf-8' }: FileFormat): string =>
  encoding === 'utf-8' ? '' : " or position(raw, '\uFFFD') > 0"

/** The lines of one part of a feed as a table of named text columns. */
function partTable(
  part: string,
  columns: ReadonlySet<string>,
  format: FileFormat,
  positions: Positions,
  range: string,
): string {
  const delimited = format.type === 'delimited'
  const fields = delimited ? delimitedFields(format) : undefined
  const names = [...columns].map(
    (name) => `${columnText(format, positions, name.slice(name.indexOf('.') + 1))} as ${id(name)}`,
  )
  const shape =
    part === 'main'
      ? [
          'line',
          'length(raw) as size',
          `(not isValidUTF8(raw) or position(raw, '\\0') > 0${undecoded(format)}) as encoding_broken`,
          `${delimited ? 'broken' : "(not isValidJSON(raw) or JSONType(raw) != 'Object')"} as quotes_broken`,
          ...(delimited ? ['length(f) as width'] : []),
        ]
      : []
  const lines = delimited
    ? `select line, raw, ${fields!.array} as f, ${fields!.brokenQuotes} as broken from know.feed_line where feed_id = {feed:Int64} and part = ${text(part)}${range}`
    : `select line, raw from know.feed_line where feed_id = {feed:Int64} and part = ${text(part)}${range}`
  // A row of a joined file that cannot be read is as if it were not there: it is told of where its own file is taken in.
  const readable =
    part === 'main'
      ? ''
      : ` where isValidUTF8(raw) and not (position(raw, '\\0') > 0${undecoded(format)}) and ${delimited ? `not broken and length(f) = ${positions.size}` : 'isValidJSON(raw)'} order by line`
  return `(select ${[...shape, ...names].join(', ')} from (${lines})${readable})`
}

/** Compiles a mapping for one feed. The document must have passed its checks. */
export function compile(source: Source, tools: CompileTools): Compiled {
  const target = TARGET[source.target]
  const used = new Map<string, Set<string>>([['main', new Set()]])
  const column = (name: string): string => {
    const part = partOf(name)
    const full = part === 'main' ? `main.${name}` : name
    const names = used.get(part) ?? new Set()
    used.set(part, names.add(full))
    return id(full)
  }
  const lookups: { kind: 'customer' | 'holding'; namespace: string; of: string; alias: string }[] = []
  const lookup = (kind: 'customer' | 'holding', namespace: string, of: string) => {
    let found = lookups.find((each) => each.kind === kind && each.namespace === namespace && each.of === of)
    if (!found) {
      found = { kind, namespace, of, alias: `k${lookups.length}` }
      lookups.push(found)
    }
    return { customerId: `${found.alias}_customer`, holdingId: `${found.alias}_holding` }
  }

  const checks: RowCheck[] = shapeChecks(source, tools.positions.get('main')!)
  const keys = source.key.map(column)
  checks.push({
    field: source.key.join(', '),
    reason: 'missing_key',
    bad: keys.map((key) => `${key} = ''`).join(' or '),
    found: "''",
    expected: 'the key of the row',
  })
  const fields: { name: string; holds: Holds; sql: string }[] = []
  for (const [name, spec] of Object.entries(source.fields)) {
    const field = targetField(source.target, name)
    if (!field) continue
    const { sql, checks: own } = fitted(
      fieldValue(spec, { column, lookup, zone: tools.zone, currency: tools.currency }),
      field,
    )
    fields.push({ name, holds: field.holds, sql })
    if (field.holds === 'holding')
      fields.push({ name: `${name}_owner`, holds: 'customer', sql: sql.replace(/_holding$/, '_customer') })
    checks.push(...own)
  }
  const sqlOf = (name: string): string | undefined => fields.find((field) => field.name === name)?.sql
  for (const [first, second] of target.ordered ?? []) {
    const [a, b] = [sqlOf(first), sqlOf(second)]
    if (!a || !b) continue
    checks.push({
      field: second,
      reason: 'dates_out_of_order',
      bad: `ifNull(${b} < ${a}, 0)`,
      found: `toString(${b})`,
      expected: `not before ${first}`,
    })
  }
  const cutOff = source.cutOff ?? target.cutOff
  const cut = cutOff ? sqlOf(cutOff) : undefined
  if (cutOff && cut && tools.asOf) {
    const instant = targetField(source.target, cutOff)?.holds === 'instant'
    const date = instant ? `toDate32(toTimeZone(${cut}, ${text(tools.zone)}))` : cut
    checks.push({
      field: cutOff,
      reason: 'after_cut_off',
      bad: `ifNull(${date} > toDate32(${text(tools.asOf)}), 0)`,
      found: `toString(${cut})`,
      expected: `not later than ${tools.asOf}`,
    })
  }

  const range = ' and line > {from:UInt64} and line <= {to:UInt64}'
  // Every column is asked for before any file's table is written down: one may be joined by a column of another.
  const asked = Object.entries(source.with ?? {}).map(([name, joined]) => ({
    name,
    joined,
    on: `${column(`${name}.${joined.key}`)} = ${column(joined.on)}`,
    where: Object.entries(joined.where ?? {}).map(([by, value]) => `${column(`${name}.${by}`)} = ${text(value)}`),
  }))
  const joins = asked.map(({ name, joined, on, where }) => {
    const table = partTable(name, used.get(name)!, joined.format ?? source.format, tools.positions.get(name)!, '')
    const rows = where.length > 0 ? `(select * from ${table} where ${where.join(' and ')})` : table
    return `left any join ${rows} as ${id(`j_${name}`)} on ${on}`
  })
  // Lookups come after the joined files: a looked-up id may stand in one of them.
  const keyJoins = lookups.map(
    ({ kind, namespace, of, alias }) =>
      `left any join (select external_id as ${alias}_id, customer_id as ${alias}_customer, holding_id as ${alias}_holding
         from know.feed_key where feed_id = {feed:Int64} and kind = ${text(kind)} and namespace = ${text(namespace)}) as ${alias} on ${alias}_id = ${of}`,
  )
  // In the order of their names: a mapping read from a folder and the same one read from what runs may name its fields
  // in another order, and the same row must have the same content under both.
  const digest = `cityHash64(${[...used.get('main')!].toSorted().map(id).join(', ')})`
  const number = `multiIf(${checks.map((check, at) => `${check.bad}, ${at + 1}`).join(', ')}, 0)`
  const found = `if(problem = 0, '', multiIf(${checks.map((check, at) => `problem = ${at + 1}, ${check.found}`).join(', ')}, ''))`
  const main = partTable('main', used.get('main')!, source.format, tools.positions.get('main')!, range)
  const inner = `(select * from ${main} as main ${joins.join('\n  ')})`
  const sumField = source.control?.sumOf
  return {
    fields: fields.map(({ name, holds }) => ({ name, holds })),
    checks: checks.map(({ field, reason, expected }) => ({ field, reason, expected })),
    lookups: lookups
      .filter(
        (each, at) =>
          lookups.findIndex((other) => other.kind === each.kind && other.namespace === each.namespace) === at,
      )
      .map(({ kind, namespace }) => ({ kind, namespace })),
    createStage: `create table ${tools.stage} (line UInt64, key String, digest UInt64, problem UInt16, found String,
      ${fields.map(({ name, holds }) => `${id(name)} ${TYPE[holds]}`).join(', ')})
      engine = MergeTree order by ${source.target === 'transaction' ? '(toYYYYMM(ifNull(booked_on, toDate32(0))), holding_id, ifNull(booked_on, toDate32(0)), transaction_id)' : 'line'}`,
    fillStage: `insert into ${tools.stage}
      select line, ${keys.length === 1 ? keys[0] : `concat(${keys.join(", '|', ")})`} as key, ${digest} as digest, ${number} as problem,
             substring(toValidUTF8(replaceAll(ifNull(toString(${found}), ''), '\\0', '')), 1, 400) as found,
             ${fields.map(({ name, sql }) => `${sql} as ${id(`t_${name}`)}`).join(',\n             ')}
        from ${inner} as read
        ${keyJoins.join('\n        ')}`,
    ...(sumField && sqlOf(sumField) ? { controlSum: `select sum(${id(sumField)}) as found from ${tools.stage}` } : {}),
  }
}
