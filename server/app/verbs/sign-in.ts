import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { forbidden, invalid } from '#platform/errors'
import type { Runtime } from '#platform/runtime'
import { type Actor, may, signIn, signOut } from '#trust/access'

/** The password: from CLIENTELE_PASSWORD, else asked for without being shown. */
async function passwordOf(login: string): Promise<string> {
  const given = process.env.CLIENTELE_PASSWORD
  if (given !== undefined) return given
  if (!process.stdin.isTTY)
    throw invalid(
      'password_missing',
      { login },
      `There is nobody to ask for the password of ${login}.`,
      'Give it in CLIENTELE_PASSWORD.',
    )
  process.stderr.write(`Password of ${login}: `)
  const silent = new Writable({ write: (_text, _encoding, done) => done() })
  const asked = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await asked.question('')
  } finally {
    asked.close()
    process.stderr.write('\n')
  }
}

/**
 * Does something in a person's name: who approves must not be who made, so a name alone is not believed. `--as LOGIN`
 * and the person's password; the session ends with the command.
 */
export async function asPerson<T>(
  rt: Runtime,
  login: string | undefined,
  permission: string,
  work: (actor: Actor) => Promise<T>,
): Promise<T> {
  if (login === undefined)
    throw invalid(
      'person_missing',
      { option: '--as' },
      'This is done by a person, so that another can approve it.',
      'Say --as LOGIN; the password is asked for, or taken from CLIENTELE_PASSWORD.',
    )
  const session = await signIn(rt, { login, password: await passwordOf(login) })
  try {
    if (session.mustChangePassword)
      throw forbidden(
        'password_must_change',
        { login },
        `${login} has a one-time password.`,
        'Change it first: POST /api/trust/access/me/password.',
      )
    if (!may(session.actor, permission))
      throw forbidden(
        'permission_missing',
        { login, needed: permission },
        `${login} may not do this.`,
        'Name somebody who may.',
      )
    return await work(session.actor)
  } finally {
    await signOut(rt, session.token, session.actor)
  }
}
