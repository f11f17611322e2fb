import { resolve } from 'node:path'
import { openBank } from '#app/bank'
import { restoreBank } from '#app/copies'
import { argument, type Call, table, type Verb } from '#app/verb'
import { type Manifest, type Progress, takeCopy } from '#platform/backup'

const shown =
  (call: Call): Progress =>
  ({ table, rows, done, total }) => {
    if (rows > 0) call.say(`${done}/${total} ${table}: ${rows.toLocaleString('en')} rows`)
  }

function tell(call: Call, folder: string, manifest: Manifest, more: Record<string, unknown> = {}): void {
  const tables = [...manifest.postgres, ...manifest.lake]
  const rows = tables.reduce((sum, { rows }) => sum + rows, 0)
  const bytes = tables.reduce((sum, { bytes }) => sum + bytes, 0)
  call.answer(
    { folder, takenAt: manifest.takenAt, tables: tables.length, rows, bytes, ...more },
    table(
      ['copy', 'moment', 'tables', 'rows', 'MB'],
      [[folder, manifest.takenAt, tables.length, rows, Math.round(bytes / 1e5) / 10]],
    ),
  )
}

async function take(call: Call, verb: string): Promise<number> {
  const folder = resolve(argument(call, 0, 'a folder for the copy', verb))
  const bank = await openBank({ dataDir: call.dataDir })
  try {
    tell(call, folder, await takeCopy(bank.rt, folder, shown(call)))
    return 0
  } finally {
    await bank.close()
  }
}

export const backup: Verb = {
  name: 'backup',
  usage: 'backup FOLDER',
  sentence: 'copies both stores as of one moment into a new folder, while servers run',
  options: {},
  run: (call) => take(call, 'backup'),
}

export const exportVerb: Verb = {
  name: 'export',
  usage: 'export FOLDER',
  sentence: 'the same copy, meant for other stores: restore it with --database-url and --clickhouse-url',
  options: {},
  run: (call) => take(call, 'export'),
}

export const restore: Verb = {
  name: 'restore',
  usage: 'restore FOLDER',
  sentence: 'brings a copy back, into a new data directory or into empty servers by URL',
  options: {
    'database-url': { type: 'string', sentence: 'an empty PostgreSQL database to bring it into' },
    'clickhouse-url': { type: 'string', sentence: 'a ClickHouse without our databases to bring it into' },
  },
  async run(call) {
    const folder = resolve(argument(call, 0, 'the folder of a copy', 'restore'))
    const url = (name: string): { [key: string]: string } => {
      const value = call.options[`${name}-url`]
      return typeof value === 'string' ? { [`${name}Url`]: value } : {}
    }
    const { manifest, skipped } = await restoreBank(folder, {
      dataDir: call.dataDir,
      ...url('database'),
      ...url('clickhouse'),
      progress: shown(call),
    })
    for (const name of skipped) call.say(`${name} is not a table of this build; it was left out`)
    call.say("Nothing is sent until the providers' own records have been compared: see platform.restored.")
    tell(call, folder, manifest, { skipped })
    return 0
  },
}
