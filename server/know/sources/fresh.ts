import type { Field } from './apply.ts'
import type { Source } from './contract.ts'
import { text } from './quote.ts'
import type { Stage } from './transactions.ts'

/** One COPY of a chunk: the table, its columns, and the ClickHouse query whose rows it takes. */
export interface FreshCopy {
  table: string
  columns: string[]
  select: string
}

/** Where the numbers of a first load begin: line n gets base + n, a household the number of its first line. */
export interface FreshNumbers {
  base: number
  householdBase: number
}

const isDetail = (name: string): boolean => name.startsWith('detail_')

/**
 * The first load of a numbering: no key of it is known yet, so every row is new, our numbers follow from the lines, and
 * rows go by COPY straight into their tables, at the speed of a bare load. Later files compare and update.
 */
export function freshCopies(
  source: Source,
  fields: readonly Field[],
  { stage, marks }: Stage,
  { base, householdBase }: FreshNumbers,
  businessOn: string,
): FreshCopy[] {
  const good = `problem = 0 and line not in (select line from ${marks})`
  const from = `from ${stage} where ${good} and line > {from:UInt64} and line <= {to:UInt64}`
  const space = text(source.namespace ?? source.id)
  const names = fields.map(({ name }) => name).filter((name) => !isDetail(name))
  const value = ({ name, holds }: Field): string => (holds === 'text' ? `nullIf(\`${name}\`, '')` : `\`${name}\``)
  const named = (name: string): string => value(fields.find((field) => field.name === name)!)
  const tail: [string, string][] = [
    ['source', text(source.id)],
    ['known_on', text(businessOn)],
  ]
  if (source.target === 'customer') {
    const own = names.filter((name) => name !== 'household')
    const columns: [string, string][] = own.map((name) => [
      name,
      name === 'kind'
        ? "if(kind = '', 'person', kind)"
        : name === 'stage'
          ? "if(stage = '', 'customer', stage)"
          : named(name),
    ])
    const homes = `(select household, min(line) as first_line from ${stage} where ${good} and household != '' group by household)`
    const copies: FreshCopy[] = []
    let rows = `${from} order by line`
    if (names.includes('household')) {
      const begun = `from ${homes} where first_line > {from:UInt64} and first_line <= {to:UInt64} order by first_line`
      copies.push(
        {
          table: 'know.household',
          columns: ['household_id', 'since_on', 'source'],
          select: `select ${householdBase} + first_line, ${text(businessOn)}, ${text(source.id)} ${begun}`,
        },
        {
          table: 'know.household_key',
          columns: ['source', 'external_id', 'household_id'],
          select: `select ${space}, household, ${householdBase} + first_line ${begun}`,
        },
      )
      columns.push(['household_id', `if(first_line = 0, null, ${householdBase} + first_line)`])
      rows = `from (select * ${from}) as r any left join ${homes} as h on h.household = r.household order by line`
    }
    copies.push(
      {
        table: 'know.customer_key',
        columns: ['source', 'external_id', 'customer_id'],
        select: `select ${space}, key, ${base} + line ${from} order by line`,
      },
      {
        table: 'know.customer',
        columns: ['customer_id', ...columns.map(([name]) => name), ...tail.map(([name]) => name)],
        select: `select ${base} + line, ${[...columns, ...tail].map(([, sql]) => sql).join(', ')} ${rows}`,
      },
    )
    return copies
  }
  const own = names.filter((name) => name !== 'customer_id')
  const columns: [string, string][] = own.map((name) => [
    name,
    name === 'status' ? "if(status = '', 'open', status)" : named(name),
  ])
  if (names.includes('closed_on') && !names.includes('status'))
    columns.push(['status', "if(isNull(closed_on), 'open', 'closed')"])
  if (names.includes('balance_minor') && !names.includes('balance_on')) columns.push(['balance_on', text(businessOn)])
  const details = fields.filter(({ name }) => isDetail(name))
  if (details.length > 0) {
    const pairs = details.map(({ name }) => `${text(name.slice(7))}, \`${name}\``).join(', ')
    columns.push(['details', `toJSONString(mapFilter((k, v) -> v != '', map(${pairs})))`])
  }
  return [
    {
      table: 'know.holding_key',
      columns: ['source', 'external_id', 'customer_id', 'holding_id'],
      select: `select ${space}, key, customer_id, ${base} + line ${from} order by line`,
    },
    {
      table: 'know.holding',
      columns: ['customer_id', 'holding_id', ...columns.map(([name]) => name), ...tail.map(([name]) => name)],
      select: `select customer_id, ${base} + line, ${[...columns, ...tail].map(([, sql]) => sql).join(', ')} ${from} order by line`,
    },
    {
      table: 'know.holding_role',
      columns: [
        'customer_id',
        'holding_id',
        'role',
        'authority',
        'share_bp',
        'from_on',
        'holder_customer_id',
        'source',
      ],
      select: `select customer_id, ${base} + line, 'owner', 'sole', 10000, opened_on, customer_id, 'holding' ${from} order by line`,
    },
  ]
}
