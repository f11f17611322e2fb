import { createHmac } from 'node:crypto'
import { conflict } from '#platform/errors'
import type { Runtime } from '#platform/runtime'
import { type Column, declared, type PersonalColumn, registerPage, undeclared } from './register.ts'
import { readColumns, readKey } from './store.ts'

export { type Column, declared, type PersonalColumn, registerPage } from './register.ts'
export { routes } from './routes.ts'

const keys = new WeakMap<object, Promise<Buffer>>()

/**
 * A keyed digest (HMAC-SHA-256 under the bank's own key): the same text has the same digest in this bank, and nobody
 * without the key can try texts against it. 32 bytes. The caller normalises the text first.
 */
export async function digest(rt: Runtime, text: string): Promise<Buffer> {
  let key = keys.get(rt.config)
  if (!key) {
    key = readKey(rt.db, 'digest')
    keys.set(rt.config, key)
    key.catch(() => keys.delete(rt.config))
  }
  return createHmac('sha256', await key)
    .update(text)
    .digest()
}

/** The register: every column that holds personal data, what for and how long. */
export async function personalData(rt: Runtime): Promise<PersonalColumn[]> {
  return declared(await readColumns(rt.db))
}

/** Columns that look personal and declare nothing; the checks want none. */
export async function undeclaredColumns(rt: Runtime): Promise<Column[]> {
  return undeclared(await readColumns(rt.db))
}

/** docs/reference/personal-data.md. Throws `personal_data_undeclared` while there are columns to declare. */
export async function personalDataPage(rt: Runtime): Promise<string> {
  const missing = await undeclaredColumns(rt)
  if (missing.length > 0) {
    const names = missing.map(({ table, column }) => `${table}.${column}`)
    throw conflict(
      'personal_data_undeclared',
      { columns: names },
      `${names.join(', ')} look personal and declare nothing.`,
      "In the migration: comment on column … is 'personal: <purpose>; retention: <rule>', or 'not personal: <why>'.",
    )
  }
  return registerPage(await personalData(rt))
}
