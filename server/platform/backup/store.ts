import type { Lake } from '#platform/clickhouse'
import type { Db } from '#platform/postgres'

/** The tables of PostgreSQL with their stored columns, those that others refer to first. */
export async function tablesOf(db: Db): Promise<{ name: string; columns: string[] }[]> {
  const tables = await db<{ name: string; columns: string[] }[]>`
    select format('%I.%I', n.nspname, c.relname) as name,
           array(select quote_ident(attname) from pg_attribute
                  where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = ''
                  order by attnum) as columns
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and c.relpersistence <> 't'
       and n.nspname not like 'pg\\_%' and n.nspname not in ('information_schema', 'public')
       and format('%I.%I', n.nspname, c.relname) <> 'platform.migration'
     order by 1`
  const references = await db<{ from: string; to: string }[]>`
    select conrelid::regclass::text as from, confrelid::regclass::text as to
      from pg_constraint where contype = 'f' and conrelid <> confrelid`
  const sorted: { name: string; columns: string[] }[] = []
  const left = new Map(tables.map((table) => [table.name, table]))
  while (left.size > 0) {
    const free = [...left.values()].filter(
      (table) => !references.some((reference) => reference.from === table.name && left.has(reference.to)),
    )
    // Tables that refer to each other in a circle go in as they come: constraints are not tried while loading.
    for (const table of free.length > 0 ? free : left.values()) {
      sorted.push(table)
      left.delete(table.name)
    }
  }
  return sorted
}

export const sequencesOf = (db: Db): Promise<{ name: string; value: number }[]> =>
  db<{ name: string; value: number }[]>`
    select format('%I.%I', schemaname, sequencename) as name, last_value as value
      from pg_sequences where last_value is not null and schemaname not like 'pg\\_%' order by 1`

export const setSequence = (db: Db, name: string, value: number): Promise<unknown> =>
  db`select setval(${name}::regclass, ${value})`

export interface LakeTable {
  database: string
  table: string
  columns: string[]
  create: string
  rows: number
}

/** The tables of ClickHouse that hold rows of their own, in our databases. */
export const lakeTablesOf = (lake: Lake): Promise<LakeTable[]> =>
  lake.query<LakeTable>(`
    select t.database as database, t.name as table, t.create_table_query as create, toInt64(ifNull(t.total_rows, 0)) as rows,
           groupArray(c.name) as columns
      from system.tables t
      join (select database, table, name, position from system.columns
             where default_kind not in ('MATERIALIZED', 'ALIAS', 'EPHEMERAL') order by database, table, position) c
        on c.database = t.database and c.table = t.name
     where t.engine like '%MergeTree' and t.database not in ('system', 'INFORMATION_SCHEMA', 'information_schema', 'default')
       and not startsWith(t.database, 'copy_')
     group by all order by database, table`)

/** An identifier of ClickHouse. */
export const name = (text: string): string => `\`${text.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``

export const recordRestored = (db: Db, takenAt: string): Promise<unknown> =>
  db`insert into platform.restored (taken_at) values (${takenAt})`
