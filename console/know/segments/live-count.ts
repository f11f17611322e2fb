import { useEffect, useState } from 'react'
import type { Static } from 'typebox'
import type { CountReply } from '#know/segments/contract'
import { call, isRefusal, type Refusal } from '../../shell/api.ts'
import * as endpoints from './endpoints.ts'

/** What comes at once, as from a paste or a scanner, is one question; a letter that is typed asks without a wait. */
const PAUSE_MS = 40

export interface Counted {
  /** The exact expression that the number is of. */
  readonly of: string
  readonly reply: Static<typeof CountReply> | null
  readonly refusal: Refusal | null
}

/**
 * How many customers an expression has, as it is typed. The question before is called off, in the lake too, when the next
 * letter comes; what is shown is always of the expression it names. `segment`: the one whose rule it still is; it has
 * those only whom no other of its group takes.
 */
export function useLiveCount(
  expression: string,
  segment: string | null,
): { counted: Counted | null; counting: boolean } {
  const [counted, setCounted] = useState<Counted | null>(null)
  const [counting, setCounting] = useState(false)
  useEffect(() => {
    const empty = expression.trim() === ''
    if (empty) {
      setCounted(null)
      setCounting(false)
      return
    }
    const off = new AbortController()
    const timer = setTimeout(async () => {
      setCounting(true)
      try {
        const reply = await call(
          endpoints.count,
          { body: segment === null ? { rule: expression } : { segment } },
          { signal: off.signal },
        )
        setCounted({ of: expression, reply, refusal: null })
        setCounting(false)
      } catch (error) {
        if (off.signal.aborted) return
        if (!isRefusal(error)) throw error
        setCounted({ of: expression, reply: null, refusal: error })
        setCounting(false)
      }
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      off.abort()
    }
  }, [expression, segment])
  return { counted, counting }
}
