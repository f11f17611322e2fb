import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

/**
 * A piece of a page's state that lives in its address, so that a link shows the same: `const [text, setText] =
 * useUrlState('q')`. The default is not written. Changes replace the entry of the history, they don't add to it; what
 * `opens` something (a part of the page, an inspector) adds one when it is first opened, so that Back closes it.
 */
export function useUrlState(
  name: string,
  whenAbsent = '',
  { opens = false }: { opens?: boolean } = {},
): [string, (value: string) => void] {
  const search = useSearch({ strict: false }) as Record<string, string | undefined>
  const navigate = useNavigate()
  const mayAdd = opens && (search[name] ?? whenAbsent) === whenAbsent
  const set = useCallback(
    (value: string) =>
      void navigate({
        to: '.',
        search: ((before: Record<string, string | undefined>) => ({
          ...before,
          [name]: value === whenAbsent ? undefined : value,
        })) as never,
        replace: !mayAdd || value === whenAbsent,
        resetScroll: false,
      }),
    [navigate, name, whenAbsent, mayAdd],
  )
  return [search[name] ?? whenAbsent, set]
}

/** Addresses hold plain texts: ?q=anna, not ?q="anna". */
export const parseSearch = (text: string): Record<string, string> => Object.fromEntries(new URLSearchParams(text))
export const writeSearch = (search: Record<string, unknown>): string => {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(search))
    if (value !== undefined && value !== '') params.set(name, String(value))
  return params.size > 0 ? `?${params}` : ''
}
