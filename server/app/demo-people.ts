import { randomInt } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Runtime } from '#platform/runtime'
import { changePassword, createPerson, listPeople, type Role, signIn, systemActor } from '#trust/access'

/** The demo bank's own people, one in each role at least: for whoever is shown around. None of them is anybody. */
const PEOPLE: readonly { login: string; name: string; roles: readonly Role[] }[] = [
  { login: 'tessa', name: 'Tessa Falk', roles: ['relationship_manager', 'customer_strategist'] },
  { login: 'sofia', name: 'Sofia Brandt', roles: ['customer_strategist'] },
  { login: 'otto', name: 'Otto Reimann', roles: ['customer_strategist'] },
  { login: 'mina', name: 'Mina Kaya', roles: ['segment_manager'] },
  { login: 'carlos', name: 'Carlos Prado', roles: ['campaign_manager'] },
  { login: 'riya', name: 'Riya Sen', roles: ['relationship_manager'] },
  { login: 'arthur', name: 'Arthur Blum', roles: ['contact_centre_agent'] },
  { login: 'petra', name: 'Petra Novak', roles: ['product_owner'] },
  { login: 'devi', name: 'Devi Rao', roles: ['data_scientist'] },
  { login: 'bertil', name: 'Bertil Lund', roles: ['board_member'] },
  { login: 'dora', name: 'Dora Weiss', roles: ['data_protection_officer'] },
  { login: 'dag', name: 'Dag Holm', roles: ['duty_manager'] },
]

const WORDS = 'river bridge harbour meadow orchard lantern copper willow market garden ferry tower'.split(' ')

/** Four words and a number: easily typed, and for made-up data on this machine enough. */
const newPassword = (): string =>
  `${Array.from({ length: 4 }, () => WORDS[randomInt(WORDS.length)]).join('-')}-${randomInt(100, 1000)}`

/**
 * Lets the demo bank's people into the console, once, all with one password, which is returned with the login of who
 * shows the bank around. Undefined where somebody else's people are already in.
 */
export async function demoPeople(rt: Runtime): Promise<{ login: string; password: string } | undefined> {
  const [guide] = PEOPLE
  const file = join(rt.config.stores.dataDir, 'riverside.password')
  const actor = systemActor('demo bank')
  if (!existsSync(file)) {
    if ((await listPeople(rt)).length > 1) return undefined
    writeFileSync(file, newPassword(), { mode: 0o600 })
  }
  const password = readFileSync(file, 'utf8').trim()
  const known = new Set((await listPeople(rt)).map(({ login }) => login))
  for (const { login, name, roles } of PEOPLE) {
    if (known.has(login)) continue
    const units = [{ kind: 'bank' as const, code: '*' }]
    const { oneTimePassword } = await createPerson(rt, { login, name, roles: [...roles], units }, actor)
    const { actor: person } = await signIn(rt, { login, password: oneTimePassword })
    await changePassword(rt, { current: oneTimePassword, next: password }, person)
  }
  return { login: guide!.login, password }
}
