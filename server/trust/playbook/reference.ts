import { compare, type Kind } from './kind.ts'

type Node = Record<string, unknown>

const TYPES: Record<string, string> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'true or false',
  array: 'list',
  object: 'mapping',
}

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``

/** What a field holds, in a few words: "whole number, 0 to 100", "one of `a`, `b`", "id of a `group`". */
function holds(schema: Node): string {
  if (typeof schema.refers === 'string') return `id of a \`${schema.refers}\``
  if ('const' in schema) return code(schema.const)
  if (Array.isArray(schema.enum)) return `one of ${schema.enum.map(code).join(', ')}`
  if (Array.isArray(schema.anyOf)) {
    const options = schema.anyOf as Node[]
    if (options.every((option) => 'const' in option)) return `one of ${options.map((o) => code(o.const)).join(', ')}`
    return [...new Set(options.map(holds))].join('; or ')
  }
  if (schema.type === 'array') return `list of ${holds((schema.items as Node) ?? {})}${bounds(schema, 'Items')}`
  if (schema.type === 'object' && schema.patternProperties) {
    return `mapping of names to ${holds(Object.values(schema.patternProperties as Record<string, Node>)[0] ?? {})}`
  }
  if (schema.type === 'string') return `text${bounds(schema, 'Length')}`
  const { minimum, maximum } = schema as { minimum?: number; maximum?: number }
  const range = minimum !== undefined && maximum !== undefined ? `, ${minimum} to ${maximum}` : ''
  const least = minimum !== undefined && maximum === undefined ? `, ${minimum} or more` : ''
  return `${TYPES[String(schema.type)] ?? 'anything'}${range}${least}`
}

function bounds(schema: Node, what: 'Items' | 'Length'): string {
  const max = schema[`max${what}`]
  if (max === undefined) return ''
  return what === 'Items' ? ` (at most ${max})` : ` (at most ${max} characters)`
}

interface Row {
  path: string
  holds: string
  needed: boolean
  meaning: string
}

// A mapping's own fields follow it; of a list, those of its items.
function rowsOf(schema: Node, path: string, rows: Row[]): void {
  const required = new Set((schema.required as string[]) ?? [])
  for (const [name, field] of Object.entries((schema.properties as Record<string, Node>) ?? {})) {
    const at = path ? `${path}.${name}` : name
    // What only lists the choices, or names the sort of text, is said already.
    const said = typeof field.description === 'string' && !('refers' in field) && !field.description.includes(' | ')
    const meaning = said ? String(field.description) : ''
    rows.push({ path: at, holds: holds(field), needed: required.has(name), meaning })
    inside(field, at, rows)
  }
}

function inside(field: Node, path: string, rows: Row[]): void {
  if (field.type === 'array') {
    inside((field.items as Node) ?? {}, `${path}[]`, rows)
  } else if (Array.isArray(field.anyOf)) {
    const seen = new Set(rows.map((row) => row.path))
    const more: Row[] = []
    for (const option of field.anyOf as Node[]) inside(option, path, more)
    for (const row of more) {
      if (seen.has(row.path)) continue
      seen.add(row.path)
      rows.push({ ...row, needed: false })
    }
  } else if (field.properties) rowsOf(field, path, rows)
  else if (field.patternProperties) {
    inside(Object.values(field.patternProperties as Record<string, Node>)[0] ?? {}, `${path}.‹name›`, rows)
  }
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** The reference of every kind of document: its folder and its fields, for those who write them. */
export function kindsPage(kinds: readonly Kind[]): string {
  // A kind registered again replaces the earlier one, here as in a running server.
  const sections = [...new Map(kinds.map((kind) => [kind.kind, kind])).values()]
    .sort((a, b) => compare(a.kind, b.kind))
    .map(({ kind, folder, schema, documentsMin = 0, documentsMax }) => {
      const rows: Row[] = []
      rowsOf(schema as Node, '', rows)
      const own = rows.filter(({ path }) => !['kind', 'id', 'title', 'description'].includes(path))
      const count =
        documentsMax === 1
          ? documentsMin === 1
            ? 'Exactly one.'
            : 'At most one.'
          : documentsMin > 0
            ? `At least ${documentsMin}.`
            : ''
      const lines = own.map(
        (row) => `| \`${row.path}\` | ${cell(row.holds)} | ${row.needed ? 'yes' : ''} | ${cell(row.meaning)} |`,
      )
      return [
        `## ${kind}`,
        '',
        `In \`${folder}/\`. ${count}`.trim(),
        '',
        '| field | holds | needed | meaning |',
        '|---|---|---|---|',
        ...lines,
        '',
      ].join('\n')
    })
  return [
    '# Documents of the playbook',
    '',
    'One document per file, `<folder>/<id>.yaml`. Every document has `kind`, `id` (snake_case, at most 63 characters) and',
    '`title`, and may have a `description`. A field that is not listed is refused, with the likeliest name.',
    '',
    ...sections,
  ].join('\n')
}
