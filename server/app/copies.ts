import { existsSync, readdirSync, rmSync } from 'node:fs'
import { type BankOptions, openStores } from '#app/bank'
import { type Brought, bringCopy, type Progress } from '#platform/backup'
import { conflict } from '#platform/errors'

/**
 * Brings a copy back: into a new data directory, or into empty servers by URL. A data directory that was made for it is
 * removed again when it fails, so that the next try finds none.
 */
export async function restoreBank(
  folder: string,
  options: BankOptions & { progress?: Progress } = {},
): Promise<Brought> {
  const { dataDir } = options
  const isNew = dataDir !== undefined && !(existsSync(dataDir) && readdirSync(dataDir).length > 0)
  if (dataDir !== undefined && !isNew && !options.databaseUrl)
    throw conflict(
      'data_directory_taken',
      { dataDir },
      `${dataDir} is not empty; a copy is brought into a new data directory only.`,
      'Name a folder that does not exist yet with --data-dir.',
    )
  const stores = await openStores(options)
  let brought: Brought | undefined
  try {
    brought = await bringCopy(stores.postgres.db, stores.lake, folder, stores.config.stores.dataDir, options.progress)
    return brought
  } finally {
    await stores.close()
    if (!brought && isNew) rmSync(dataDir, { recursive: true, force: true })
  }
}
