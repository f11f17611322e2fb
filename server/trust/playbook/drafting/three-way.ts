import { canonical, documentHash } from '../canonical.ts'
import { diffFields, type FieldChange } from '../diff.ts'
import type { Document } from '../kind.ts'

/**
 * How a draft's document stands to what runs: 'same' says what runs already, 'mine' only the draft changed it since the
 * draft began, 'theirs' only others did, 'both_alike' both did and alike, 'conflict' both did and differently.
 */
export type Standing = 'same' | 'mine' | 'theirs' | 'both_alike' | 'conflict'

export interface ThreeWay {
  standing: Standing
  /** From what the draft began with to the draft, and to what runs. Empty where a side wrote or removed the whole. */
  mine: FieldChange[]
  theirs: FieldChange[]
  /** Paths that both sides changed differently: where a person has to choose. */
  clashes: string[]
}

const hashOf = (document: Document | undefined): string => (document ? documentHash(document) : '')

/** Two paths meet when they are the same or one lies within the other. */
const meet = (a: string, b: string): boolean => a === b || within(a, b) || within(b, a)
const within = (inner: string, outer: string): boolean =>
  outer === '' || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`)

/** Compares what a draft says of a document with what it began with (`base`) and with what runs. Undefined: not there. */
export function threeWay(
  base: Document | undefined,
  draft: Document | undefined,
  runs: Document | undefined,
): ThreeWay {
  const [was, says, now] = [hashOf(base), hashOf(draft), hashOf(runs)]
  const fields = (to: Document | undefined) => (base && to ? diffFields(base, to) : [])
  const [mine, theirs] = [fields(draft), fields(runs)]
  if (was === says && was === now) return { standing: 'same', mine, theirs, clashes: [] }
  if (was === now) return { standing: 'mine', mine, theirs, clashes: [] }
  if (was === says) return { standing: 'theirs', mine, theirs, clashes: [] }
  if (says === now) return { standing: 'both_alike', mine, theirs, clashes: [] }
  const alike = (a: FieldChange, b: FieldChange) => a.path === b.path && sameValue(a.after, b.after)
  const clashes = mine.filter((a) => theirs.some((b) => meet(a.path, b.path) && !alike(a, b))).map(({ path }) => path)
  return { standing: 'conflict', mine, theirs, clashes: draft && runs && base ? clashes : [''] }
}

const sameValue = (a: unknown, b: unknown): boolean =>
  a === b || (a !== undefined && b !== undefined && canonical(a as never) === canonical(b as never))
