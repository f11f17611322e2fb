import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Found } from './registration.ts'
import { registrations } from './registrations.ts'
import { useMay } from './session.tsx'
import { t } from './words.ts'

const PAUSE_MS = 150

/** The search of a module for what it calls so, for whoever may use it. */
function useSearchOf(what: 'customer') {
  const may = useMay()
  return registrations.flatMap(({ search = [] }) => search).find((one) => one.finds === what && may(one.needs))
}

/** Whether somebody may look for one at all; who may not is asked for its number. */
export const useMayChoose = (what: 'customer'): boolean => useSearchOf(what) !== undefined

/** A field that chooses one of what the search of everything finds: by the same words, and told apart in the same way. */
export function Choose({
  what,
  label,
  hint,
  chosen,
  onChoose,
}: {
  what: 'customer'
  label: string
  hint: string
  chosen: Found | null
  onChoose: (found: Found | null) => void
}) {
  const search = useSearchOf(what)
  const [text, setText] = useState(chosen?.label ?? '')
  const [asked] = useDebouncedValue(text.trim(), PAUSE_MS)
  const mayMean = (asked.length >= 2 || /^\d$/.test(asked)) && asked !== chosen?.label
  const found = useQuery({
    queryKey: ['choose', what, asked],
    enabled: search !== undefined && mayMean,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => search!.find(asked, signal),
  })
  const list = mayMean ? (found.data ?? []) : chosen ? [chosen] : []
  const byId = new Map(list.map((one) => [one.id, one]))
  const waiting = found.isFetching || asked !== text.trim()
  return (
    <Select
      searchable
      clearable
      label={label}
      placeholder={hint}
      maxDropdownHeight={320}
      limit={8}
      w="min(420px, 100%)"
      // Within the page: what is chosen from stands in its landmark, and scrolls with the field.
      comboboxProps={{ transitionProps: { duration: 80 }, withinPortal: false }}
      // What was found is what fits: nothing of it is filtered once more.
      filter={({ options }) => options}
      data={list.map(({ id, label: name }) => ({ value: id, label: name }))}
      renderOption={({ option }) => (
        <span className="shell-choice">
          <bdi>{option.label}</bdi>
          <span className="ui-quiet">{byId.get(option.value)?.description}</span>
        </span>
      )}
      nothingFoundMessage={
        found.error ? t('searchFailed') : !mayMean ? t('typeMore') : waiting ? '…' : t('nothingFound', { text: asked })
      }
      searchValue={text}
      onSearchChange={setText}
      value={chosen?.id ?? null}
      onChange={(id) => onChoose(id === null ? null : (byId.get(id) ?? chosen))}
    />
  )
}
