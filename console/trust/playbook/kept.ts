import { useEffect, useRef, useState } from 'react'
import { now } from '../../ui/format.ts'

/** What somebody wrote and has not saved yet, kept on their device: it survives a lost session, connection or window. */
export interface Kept {
  readonly text: string
  /** The version they began from. */
  readonly over: string
  /** Milliseconds since 1970, by the server's clock. */
  readonly at: number
}

const keyOf = (person: string, draftId: string, kind: string, id: string): string =>
  `clientele.unsaved.${person}.${draftId}.${kind}.${id}`

export function readKept(key: string): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null
    return kept && typeof kept.text === 'string' && typeof kept.over === 'string' ? kept : null
  } catch {
    return null
  }
}

/** The unsaved words of one person on one document of a draft. */
export function useKept(person: string, draftId: string, kind: string, id: string) {
  const key = keyOf(person, draftId, kind, id)
  const [first] = useState(() => readKept(key))
  const [failing, setFailing] = useState(false)
  const mine = useRef(first?.text)
  useEffect(() => setFailing(false), [])
  return {
    /** What was there when the page was opened. */
    first,
    failing,
    keep(text: string, over: string): void {
      mine.current = text
      try {
        localStorage.setItem(key, JSON.stringify({ text, over, at: now().getTime() } satisfies Kept))
      } catch {
        setFailing(true)
      }
    },
    /** What this page kept. The same document may be open in a second window, whose words stay. */
    forget(): void {
      if (readKept(key)?.text === mine.current) localStorage.removeItem(key)
    },
  }
}
