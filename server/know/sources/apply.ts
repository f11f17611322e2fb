import type { Source } from './contract.ts'
import type { Holds } from './targets.ts'

/** A PostgreSQL string literal. */
export const sqlText = (value: string): string => `'${value.replaceAll("'", "''")}'`

export interface Field {
  name: string
  holds: Holds
}

/** What every statement of a chunk needs to know. */
export interface ChunkFacts {
  source: Source
  fields: readonly Field[]
  /** The business date of the file: an older one must not overwrite what a newer one said. */
  businessOn: string
}

/** One set-based statement over the chunk; what its row count means. Rows set aside return their lines and why. */
export interface Statement {
  sql: string
  counts?: 'applied'
  setAside?: { reason: string; field: string; found: string; expected: string }
}

const TYPE: Readonly<Record<Holds, string>> = {
  text: 'text',
  date: 'date',
  instant: 'timestamptz',
  integer: 'bigint',
  money: 'bigint',
  flag: 'bigint',
  customer: 'bigint',
  holding: 'bigint',
}

const isDetail = (name: string): boolean => name.startsWith('detail_')
const named = (fields: readonly Field[]): string[] =>
  fields.map((field) => field.name).filter((name) => !isDetail(name))

/** The columns of a chunk as it travels: line and key first, details last as JSON. */
export const chunkColumns = (fields: readonly Field[]): string[] => [
  'line',
  'key',
  ...named(fields),
  ...(fields.some(({ name }) => isDetail(name)) ? ['details'] : []),
]

/** The temporary table a chunk is copied into; it is gone when the transaction ends. */
export function createChunk(fields: readonly Field[]): string {
  const columns = fields.filter(({ name }) => !isDetail(name)).map(({ name, holds }) => `${name} ${TYPE[holds]}`)
  if (fields.some(({ name }) => isDetail(name))) columns.push('details jsonb')
  return `create temporary table feed_chunk (line bigint not null, key text not null, ${columns.join(', ')}) on commit drop`
}

/** The ClickHouse query whose rows are a chunk, in PostgreSQL's COPY text. */
export function selectChunk(stage: string, marks: string, fields: readonly Field[]): string {
  const columns = fields
    .filter(({ name }) => !isDetail(name))
    .map(({ name, holds }) => (holds === 'text' ? `nullIf(\`${name}\`, '')` : `\`${name}\``))
  const details = fields.filter(({ name }) => isDetail(name))
  if (details.length > 0) {
    const pairs = details.map(({ name }) => `'${name.slice(7)}', \`${name}\``).join(', ')
    columns.push(`toJSONString(mapFilter((k, v) -> v != '', map(${pairs})))`)
  }
  return `select line, key, ${columns.join(', ')} from ${stage}
    where problem = 0 and line > {from:UInt64} and line <= {to:UInt64} and line not in (select line from ${marks}) order by line`
}

/** Inserts or updates, counting only rows that changed something: the others are duplicates. */
function upsert(
  table: string,
  conflict: string,
  values: Readonly<Record<string, string>>,
  from: string,
  keep: readonly string[],
  newerOnly: boolean,
): string {
  const columns = Object.keys(values)
  const changing = columns.filter((column) => !keep.includes(column))
  const compared = changing.filter((column) => column !== 'known_on' && column !== 'source')
  const sets = changing.map((column) => `${column} = excluded.${column}`)
  if (table === 'know.customer') sets.push('version = t.version + 1', 'updated_at = now()')
  if (table === 'know.holding') sets.push('updated_at = now()')
  const differs =
    compared.length > 0
      ? `(${compared.map((c) => `t.${c}`).join(', ')}) is distinct from (${compared.map((c) => `excluded.${c}`).join(', ')})`
      : 'false'
  const newer = newerOnly ? ' and coalesce(t.known_on, excluded.known_on) <= excluded.known_on' : ''
  return `insert into ${table} as t (${columns.join(', ')}) select ${Object.values(values).join(', ')} from ${from}
    on conflict (${conflict}) do update set ${sets.join(', ')} where ${differs}${newer}`
}

function customers({ source, fields, businessOn }: ChunkFacts): Statement[] {
  const space = sqlText(source.namespace ?? source.id)
  const names = named(fields).filter((name) => name !== 'household')
  const household = fields.some(({ name }) => name === 'household')
  const values: Record<string, string> = { customer_id: 'k.customer_id' }
  for (const name of names)
    values[name] =
      name === 'kind' ? "coalesce(c.kind, 'person')" : name === 'stage' ? "coalesce(c.stage, 'customer')" : `c.${name}`
  if (household) values.household_id = 'g.household_id'
  values.source = sqlText(source.id)
  values.known_on = `date ${sqlText(businessOn)}`
  const key = `join know.customer_key k on k.source = ${space} and k.external_id = c.key`
  const homes = household
    ? ` left join know.household_key g on g.source = ${space} and g.external_id = c.household`
    : ''
  const compared = [
    ...names.map((name) => [name, values[name]!] as const),
    ...(household ? [['household_id', 'g.household_id'] as const] : []),
  ]
  return [
    ...(household
      ? [
          {
            sql: `with made as (
                insert into know.household_key (source, external_id, household_id)
                select ${space}, h.household, nextval('know.household_id_seq')
                  from (select c.household from feed_chunk c where c.household is not null group by c.household order by min(c.line)) h
                 where not exists (select from know.household_key g where g.source = ${space} and g.external_id = h.household)
                returning household_id)
              insert into know.household (household_id, since_on, source) select household_id, date ${sqlText(businessOn)}, ${sqlText(source.id)} from made`,
          },
        ]
      : []),
    {
      sql: `insert into know.customer_key (source, external_id, customer_id)
            select ${space}, c.key, nextval('know.customer_id_seq')
              from (select c.key from feed_chunk c
                     where not exists (select from know.customer_key k where k.source = ${space} and k.external_id = c.key)
                     order by c.line) c`,
    },
    older(
      `from feed_chunk c ${key}${homes} join know.customer t on t.customer_id = k.customer_id`,
      compared,
      businessOn,
    ),
    {
      sql: upsert(
        'know.customer',
        'customer_id',
        values,
        `feed_chunk c ${key}${homes}`,
        ['customer_id', 'source'],
        true,
      ),
      counts: 'applied',
    },
  ]
}

/** Rows that differ from what a newer file already said: set aside, since applying them would turn time back. */
function older(from: string, compared: readonly (readonly [string, string])[], businessOn: string): Statement {
  return {
    sql: `select c.line ${from} where t.known_on > date ${sqlText(businessOn)}
            and (${compared.map(([name]) => `t.${name}`).join(', ')}) is distinct from (${compared.map(([, value]) => value).join(', ')})`,
    setAside: {
      reason: 'older_than_known',
      field: 'business date',
      found: businessOn,
      expected: 'a business date not before that of the row already applied',
    },
  }
}

function holdings({ source, fields, businessOn }: ChunkFacts): Statement[] {
  const space = sqlText(source.namespace ?? source.id)
  const names = named(fields).filter((name) => name !== 'customer_id')
  const values: Record<string, string> = { customer_id: 'k.customer_id', holding_id: 'k.holding_id' }
  for (const name of names) values[name] = name === 'status' ? "coalesce(c.status, 'open')" : `c.${name}`
  if (fields.some(({ name }) => isDetail(name))) values.details = 'c.details'
  if (names.includes('balance_minor') && !names.includes('balance_on'))
    values.balance_on = `date ${sqlText(businessOn)}`
  // A closing date says more than a status that was left behind.
  if (names.includes('closed_on') && !names.includes('status'))
    values.status = "case when c.closed_on is null then 'open' else 'closed' end"
  values.source = sqlText(source.id)
  values.known_on = `date ${sqlText(businessOn)}`
  const key = `join know.holding_key k on k.source = ${space} and k.external_id = c.key`
  const compared = names.map((name) => [name, values[name]!] as const)
  return [
    {
      sql: `select c.line from feed_chunk c ${key} where k.customer_id <> c.customer_id`,
      setAside: {
        reason: 'other_owner',
        field: 'customer_id',
        found: 'another first owner',
        expected: 'the first owner given before',
      },
    },
    {
      sql: `insert into know.holding_key (source, external_id, customer_id, holding_id)
            select ${space}, c.key, c.customer_id, nextval('know.holding_id_seq')
              from (select c.key, c.customer_id from feed_chunk c
                     where not exists (select from know.holding_key k where k.source = ${space} and k.external_id = c.key)
                     order by c.line) c`,
    },
    older(
      `from feed_chunk c ${key} join know.holding t on t.customer_id = k.customer_id and t.holding_id = k.holding_id`,
      compared,
      businessOn,
    ),
    {
      sql: upsert(
        'know.holding',
        'customer_id, holding_id',
        values,
        `feed_chunk c ${key}`,
        ['customer_id', 'holding_id', 'source'],
        true,
      ),
      counts: 'applied',
    },
    {
      // Every holding has its first owner, whole and alone until somebody says otherwise.
      sql: `insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id, source)
            select k.customer_id, k.holding_id, 'owner', 'sole', 10000, c.opened_on, k.customer_id, 'holding'
              from feed_chunk c ${key}
             where not exists (select from know.holding_role r
                                where r.customer_id = k.customer_id and r.holding_id = k.holding_id and r.role = 'owner')`,
    },
  ]
}

function roles({ source, fields }: ChunkFacts): Statement[] {
  const names = named(fields)
  const shared = names.includes('share_bp')
  const values: Record<string, string> = {
    customer_id: 'c.customer_id',
    holding_id: 'c.holding_id',
    role: 'c.role',
    authority: 'c.authority',
    ...(shared ? { share_bp: "case when c.role = 'owner' then coalesce(c.share_bp, 0) else 0 end" } : {}),
    from_on: 'c.from_on',
    ...(names.includes('to_on') ? { to_on: 'c.to_on' } : {}),
    holder_customer_id: 'c.holding_id_owner',
    source: sqlText(source.id),
  }
  return [
    {
      // The owner that came with the holding gives way to what is said about owners here.
      sql: `delete from know.holding_role r using feed_chunk c
             where c.role = 'owner' and r.role = 'owner' and r.source = 'holding'
               and r.customer_id = c.customer_id and r.holding_id = c.holding_id`,
    },
    {
      sql: upsert(
        'know.holding_role',
        'customer_id, holding_id, role, from_on',
        values,
        'feed_chunk c',
        ['customer_id', 'holding_id', 'role', 'from_on', 'source'],
        false,
      ),
      counts: 'applied',
    },
    ...(shared
      ? []
      : [
          {
            // Nobody told the shares: owners at the same time share alike, the odd points going to the first.
            sql: `with owners as (
                    select r.customer_id, r.holding_id, r.from_on, count(*) over one as owners,
                           row_number() over (partition by r.holding_id order by r.from_on, r.customer_id) as nth
                      from know.holding_role r
                     where r.role = 'owner' and r.to_on is null
                       and r.holding_id in (select c.holding_id from feed_chunk c where c.role = 'owner')
                    window one as (partition by r.holding_id))
                  update know.holding_role r
                     set share_bp = 10000 / o.owners + case when o.nth <= 10000 % o.owners then 1 else 0 end
                    from owners o
                   where r.customer_id = o.customer_id and r.holding_id = o.holding_id and r.role = 'owner' and r.from_on = o.from_on
                     and r.share_bp <> 10000 / o.owners + case when o.nth <= 10000 % o.owners then 1 else 0 end`,
          },
        ]),
  ]
}

/** The effects that the standings have by themselves, as SQL; know/customers says which. */
function standings({ source, fields }: ChunkFacts, effects: Readonly<Record<string, string>>): Statement[] {
  const effect = `case c.standing ${Object.entries(effects)
    .map(([name, value]) => `when ${sqlText(name)} then ${sqlText(value)}`)
    .join(' ')} end`
  // The id follows from the source's own key, so that the same row given again is the same standing; it carries the shard.
  const hash = `md5(${sqlText(source.id)} || '/' || c.key)`
  const id = `(substr(${hash}, 1, 8) || '-' || substr(${hash}, 9, 4) || '-8' || lpad(to_hex(c.customer_id % 4096), 3, '0') || '-a' || substr(${hash}, 17, 3) || '-' || substr(${hash}, 20, 12))::uuid`
  const values: Record<string, string> = {
    customer_id: 'c.customer_id',
    standing_id: id,
    standing: 'c.standing',
    effect,
    from_on: 'c.from_on',
    ...(fields.some(({ name }) => name === 'to_on') ? { to_on: 'c.to_on' } : {}),
    reason: 'c.reason',
    source: sqlText(source.id),
    noted_by: sqlText(`source:${source.id}`),
    noted_at: 'now()',
  }
  return [
    {
      sql: upsert(
        'know.standing',
        'customer_id, standing_id',
        values,
        'feed_chunk c',
        ['customer_id', 'standing_id', 'source', 'noted_by', 'noted_at'],
        false,
      ),
      counts: 'applied',
    },
  ]
}

const INVERSE: Readonly<Record<string, string>> = {
  partner: 'partner',
  parent: 'child',
  child: 'parent',
  guardian: 'ward',
  ward: 'guardian',
  attorney: 'principal',
  principal: 'attorney',
  director: 'business',
  owner: 'business',
  relative: 'relative',
}

function relations({ source, fields }: ChunkFacts): Statement[] {
  const to: Record<string, string> = fields.some(({ name }) => name === 'to_on') ? { to_on: 'c.to_on' } : {}
  const values: Record<string, string> = {
    customer_id: 'c.customer_id',
    other_customer_id: 'c.other_customer_id',
    relation: 'c.relation',
    from_on: 'c.from_on',
    ...to,
    source: sqlText(source.id),
  }
  const inverse = `case c.relation ${Object.entries(INVERSE)
    .map(([one, other]) => `when '${one}' then '${other}'`)
    .join(' ')} end`
  const keys = 'customer_id, other_customer_id, relation, from_on'
  const keep = ['customer_id', 'other_customer_id', 'relation', 'from_on', 'source']
  return [
    {
      sql: 'select c.line from feed_chunk c where c.customer_id = c.other_customer_id',
      setAside: {
        reason: 'related_to_self',
        field: 'other_customer_id',
        found: 'the customer itself',
        expected: 'another customer',
      },
    },
    { sql: upsert('know.relation', keys, values, 'feed_chunk c', keep, false), counts: 'applied' },
    {
      sql: `insert into know.relation (${Object.keys(values).join(', ')})
            select c.other_customer_id, c.customer_id, ${inverse}, c.from_on${'to_on' in to ? ', c.to_on' : ''}, ${sqlText(source.id)}
              from feed_chunk c where ${inverse} is not null
            on conflict (${keys}) do ${'to_on' in to ? 'update set to_on = excluded.to_on' : 'nothing'}`,
    },
  ]
}

function branches({ source, fields }: ChunkFacts): Statement[] {
  const values: Record<string, string> = {}
  for (const name of named(fields)) values[name] = `c.${name}`
  if (fields.some(({ name }) => isDetail(name))) values.details = 'c.details'
  values.source = sqlText(source.id)
  return [
    {
      sql: upsert('know.branch', 'branch_code', values, 'feed_chunk c', ['branch_code', 'source'], false),
      counts: 'applied',
    },
  ]
}

/** The statements that apply a chunk to its target, in order, all in one transaction. Rows set aside leave the chunk at once. */
export function statementsOf(chunk: ChunkFacts, effects: Readonly<Record<string, string>>): Statement[] {
  const { target } = chunk.source
  if (target === 'customer') return customers(chunk)
  if (target === 'holding') return holdings(chunk)
  if (target === 'role') return roles(chunk)
  if (target === 'standing') return standings(chunk, effects)
  if (target === 'relation') return relations(chunk)
  return branches(chunk)
}
