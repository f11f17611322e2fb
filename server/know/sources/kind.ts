import type { DocumentSet, Finding, Kind, Path, Tools } from '#trust/playbook'
import { fieldValue, fits, isDateForm } from './columns.ts'
import { type FieldSpec, type Source, SourceDocument } from './contract.ts'
import { isCurrency } from './currency.ts'
import { needs } from './order.ts'
import { TARGET, targetField } from './targets.ts'

/** The columns that a field is made of. */
function columnsOf(spec: FieldSpec): string[] {
  if (typeof spec === 'string') return [spec]
  if ('value' in spec) return []
  if ('text' in spec) return [spec.text]
  if ('join' in spec) return [...spec.join]
  if ('date' in spec) return [spec.date]
  if ('instant' in spec) return [spec.instant]
  if ('integer' in spec) return [spec.integer]
  if ('amount' in spec) {
    const sign = typeof spec.sign === 'object' ? [spec.sign.by] : []
    return [
      spec.amount,
      ...(spec.less === undefined ? [] : [spec.less]),
      ...sign,
      ...(typeof spec.currency === 'object' ? [spec.currency.column] : []),
    ]
  }
  if ('map' in spec) return Array.isArray(spec.map) ? spec.map : [spec.map]
  if ('birthNumber' in spec) return [spec.birthNumber]
  if ('lookup' in spec) return [spec.of]
  return [spec.addMonths, spec.to.date]
}

function formFinding(spec: FieldSpec): { format: string; century?: number } | undefined {
  if (typeof spec !== 'object') return undefined
  const form =
    'date' in spec ? spec : 'instant' in spec ? { format: spec.format } : 'addMonths' in spec ? spec.to : undefined
  if (!form || form.format === 'iso') return undefined
  const century = 'century' in form ? form.century : undefined
  return isDateForm(form.format, century)
    ? undefined
    : { format: form.format, ...(century === undefined ? {} : { century }) }
}

/** What is wrong with a mapping beyond its shape: columns, fields, types, lists and lookups that do not fit. */
function check(source: Source, _set: DocumentSet, tools: Tools): Finding[] {
  const findings: Finding[] = []
  const say = (path: Path, found: string, expected: string, message: string) =>
    findings.push(tools.finding(path, { found, expected, message }))
  const parts = new Map([
    ['', new Set(source.columns)],
    ...Object.entries(source.with ?? {}).map(([name, file]): [string, Set<string>] => [name, new Set(file.columns)]),
  ])
  const column = (path: Path, name: string) => {
    const dot = name.indexOf('.')
    const columns = parts.get(dot < 0 ? '' : name.slice(0, dot))
    if (columns?.has(dot < 0 ? name : name.slice(dot + 1))) return
    say(
      path,
      name,
      [...(columns ?? parts.keys())].join(', '),
      columns
        ? `The file has no column ${name}: use one that the mapping lists.`
        : `No joined file is called that: name it under with.`,
    )
  }
  source.key.forEach((name, at) => {
    column(['key', at], name)
    if (name.includes('.'))
      say(['key', at], name, 'columns of the file itself', 'The key names a row of the file, so it stands in the file.')
  })
  for (const [name, file] of Object.entries(source.with ?? {})) {
    column(['with', name, 'on'], file.on)
    column(['with', name, 'key'], `${name}.${file.key}`)
    for (const by of Object.keys(file.where ?? {})) column(['with', name, 'where', by], `${name}.${by}`)
  }
  const probe = {
    column: () => "''",
    lookup: () => ({ customerId: '0', holdingId: '0' }),
    zone: 'UTC',
    currency: 'EUR',
  }
  const names = TARGET[source.target].fields.map(({ name }) => name)
  for (const [name, spec] of Object.entries(source.fields)) {
    const path: Path = ['fields', name]
    const field = targetField(source.target, name)
    if (!field) {
      say(path, name, names.join(', '), `A ${source.target} has no field ${name}.`)
      continue
    }
    for (const each of columnsOf(spec)) column(path, each)
    const form = formFinding(spec)
    if (form)
      say(
        path,
        form.format,
        'year, month and day; for two-digit years a century',
        'The format does not name a whole date.',
      )
    if (typeof spec === 'object' && 'amount' in spec && spec.less !== undefined && typeof spec.sign === 'object')
      say(
        [...path, 'sign'],
        spec.sign.by,
        'nothing beside less',
        'Which column an amount stands in says which way it goes; a second word for it could differ.',
      )
    if (typeof spec === 'object' && 'amount' in spec && spec.thousands === (spec.decimal ?? '.'))
      say(
        [...path, 'thousands'],
        String(spec.thousands),
        `another sign than ${spec.decimal ?? '.'}`,
        'One sign cannot part both thousands and decimals.',
      )
    const value = fieldValue(spec, probe)
    if (!fits(value.holds, field.holds))
      say(path, value.holds, field.holds, `The field ${name} holds ${field.holds}: make it with a form that gives one.`)
    const told =
      typeof spec === 'object'
        ? 'value' in spec
          ? [spec.value]
          : 'to' in spec && 'map' in spec
            ? [
                ...Object.values(spec.to),
                ...(spec.otherwise === undefined || spec.otherwise === null ? [] : [spec.otherwise]),
              ]
            : []
        : []
    for (const each of told)
      if (field.among && each !== '' && !field.among.includes(String(each)))
        say(path, String(each), field.among.join(', '), `${name} cannot be that.`)
    const currency =
      typeof spec === 'object' && 'amount' in spec && typeof spec.currency === 'string'
        ? spec.currency
        : name === 'currency' && told.length === 1
          ? String(told[0])
          : undefined
    if (currency !== undefined && !isCurrency(currency))
      say(path, currency, 'a currency of ISO 4217', 'There is no such currency.')
  }
  for (const { name, required } of TARGET[source.target].fields)
    if (required && !(name in source.fields))
      say(['fields'], Object.keys(source.fields).join(', '), name, `A ${source.target} needs the field ${name}.`)
  const given = new Set(tools.all('source').map((other) => (other as unknown as Source).namespace ?? other.id))
  for (const space of needs(source))
    if (!given.has(space))
      say(['fields'], space, [...given].join(', '), 'No source of the playbook gives this numbering.')
  for (const field of [source.cutOff, source.control?.sumOf])
    if (field !== undefined && !(field in source.fields))
      say(
        ['fields'],
        field,
        Object.keys(source.fields).join(', '),
        'This names a field that the mapping does not fill.',
      )
  return findings
}

export const kinds = [
  { kind: 'source', folder: 'sources', schema: SourceDocument, check },
] as unknown as readonly Kind<never>[]
