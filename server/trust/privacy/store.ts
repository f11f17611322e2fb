import type { Db } from '#platform/postgres'
import type { Column } from './register.ts'

/** The bank's secret key of that name, 32 bytes. */
export async function readKey(db: Db, name: string): Promise<Buffer> {
  const [row] = await db<{ key: Buffer }[]>`select k.key from trust.bank_key k where k.name = ${name}`
  if (!row) throw new Error(`trust.bank_key has no key named ${name}: the migrations have not run`)
  return row.key
}

/** Every column of every table of the house, with its comment. */
export const readColumns = (db: Db) => db<Column[]>`
  select n.nspname || '.' || c.relname as "table", a.attname as "column", format_type(a.atttypid, a.atttypmod) as type,
         col_description(c.oid, a.attnum) as comment
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   where n.nspname in ('platform', 'trust', 'know', 'decide', 'engage', 'learn', 'culture')
     and c.relkind in ('r', 'p') and not c.relispartition
   order by n.nspname collate "C", c.relname collate "C", a.attnum`
