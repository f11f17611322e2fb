import { type ComponentType, memo } from 'react'

/** How a question of `useAsk` stands: a new object each time, the same question for as long as these are. */
const STANDS = ['data', 'error', 'isPending', 'isFetching'] as const

const isQuestion = (value: unknown): value is Record<(typeof STANDS)[number], unknown> =>
  typeof value === 'object' && value !== null && 'isPending' in value && 'isFetching' in value

const isSame = (before: unknown, now: unknown): boolean =>
  Object.is(before, now) ||
  (isQuestion(before) && isQuestion(now) && STANDS.every((name) => Object.is(before[name], now[name])))

/**
 * A part of a page that is drawn again only when what it is given has changed: on a page that asks many questions, each
 * answer draws the parts that show it, and not the whole.
 */
export const steady = <P extends object>(Part: ComponentType<P>): ComponentType<P> =>
  memo(Part, (before, now) => {
    const names = Object.keys(now) as (keyof P)[]
    return names.length === Object.keys(before).length && names.every((name) => isSame(before[name], now[name]))
  }) as unknown as ComponentType<P>
