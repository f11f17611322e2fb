import { readFileSync, statSync } from 'node:fs'
import { unavailable } from '#platform/errors'

/** The account that PostgreSQL runs as; ids only when it is another one than ours. */
export interface RunAs {
  readonly name: string
  readonly ids: { readonly uid?: number; readonly gid?: number }
}

interface Account {
  name: string
  uid: number
  gid: number
}

function accounts(file: string): Account[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .filter((fields) => fields.length >= 4)
      .map(([name, , uid, gid]) => ({ name: name!, uid: Number(uid), gid: Number(gid) }))
  } catch {
    return []
  }
}

/**
 * PostgreSQL refuses to run as root. An ordinary user runs it as itself; root runs it as whoever owns the data
 * already, else as `clientele`, `postgres` or `nobody`, whichever of them this machine has.
 */
export function runAs(pgData: string, passwd = '/etc/passwd'): RunAs {
  if (process.getuid?.() !== 0) return { name: 'this user', ids: {} }
  const known = accounts(passwd)
  const owner = statSync(pgData, { throwIfNoEntry: false })
  const picked =
    (owner && owner.uid !== 0 ? known.find((account) => account.uid === owner.uid) : undefined) ??
    ['clientele', 'postgres', 'nobody']
      .map((name) => known.find((account) => account.name === name && account.uid !== 0))
      .find((account) => account !== undefined)
  if (!picked)
    throw unavailable(
      'postgres_needs_an_account',
      { tried: ['clientele', 'postgres', 'nobody'], file: passwd },
      'PostgreSQL does not run as root, and this machine has none of the accounts clientele, postgres or nobody.',
      'Add one ("useradd --system clientele"), or start as an ordinary user, or set DATABASE_URL.',
    )
  return { name: picked.name, ids: { uid: picked.uid, gid: picked.gid } }
}
