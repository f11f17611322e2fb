import { createHash } from 'node:crypto'
import { invalid, mismatch } from '#platform/errors'
import { type Runtime, transaction } from '#platform/runtime'
import { findAnswer, keepAnswer, takeKey } from './store.ts'

const KEY = /^[\x21-\x7e]{1,200}$/

/** The same text for the same JSON value, whatever the order of its fields. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([, item]) => item !== undefined)
  fields.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}

/** SHA-256 of what was asked, in hex. */
export const digestOf = (value: unknown): string => createHash('sha256').update(canonical(value)).digest('hex')

/**
 * Does `work` once per (actor, route, key). The key, the effect and the answer commit together; a second call with the
 * same key gets the first answer, and one with another body a mismatch. Two at the same moment: the later one waits.
 */
export async function once(
  rt: Runtime,
  asked: { actorId: string; route: string; key: string; content: unknown },
  work: (rt: Runtime) => Promise<unknown>,
): Promise<{ answer: unknown; again: boolean }> {
  if (!KEY.test(asked.key)) {
    throw invalid(
      'idempotency_key_malformed',
      { at: 'header/idempotency-key' },
      'The Idempotency-Key is not 1 to 200 visible ASCII characters.',
      'Send a UUID, for example.',
    )
  }
  const digest = digestOf(asked.content)
  return transaction(rt, async (rt) => {
    if (!(await takeKey(rt.db, asked.actorId, asked.route, asked.key, digest))) {
      const before = await findAnswer(rt.db, asked.actorId, asked.route, asked.key)
      if (before?.digest !== digest) {
        throw mismatch(
          'idempotency_key_reused',
          { at: 'header/idempotency-key' },
          'This Idempotency-Key was already used with another request.',
          'Use a new key for a new request.',
        )
      }
      return { answer: before.answer, again: true }
    }
    const answer = await work(rt)
    await keepAnswer(rt.db, asked.actorId, asked.route, asked.key, answer)
    return { answer, again: false }
  })
}
