import { basename, join } from 'node:path'
import { invalid } from '#platform/errors'
import type { Source } from '../contract.ts'
import { minorOf } from '../currency.ts'
import { controlOf } from './store.ts'

/** What the sender says is in a file, and which date it is about. */
export interface Control {
  rows: number | null
  sumMinor: number | null
  businessOn: string | null
}

/** For rows given again: the totals were those of the whole file. */
export const NO_CONTROL = { rows: null, sumMinor: null }

/** Control totals: from the control file beside the data, else from the mapping. */
export async function readControl(source: Source, path: string, folder: string, currency: string): Promise<Control> {
  const control = source.control
  if (!control) return { rows: null, sumMinor: null, businessOn: null }
  const found: Control = { rows: control.rows ?? null, sumMinor: control.sumMinor ?? null, businessOn: null }
  if (!control.file) return found
  const name = basename(path)
  const stem = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : name
  const file = join(folder, control.file.replace('*', stem))
  const said = await controlOf(file)
  const wrong = (field: string, expected: string) =>
    invalid(
      'control_malformed',
      { file, field, found: said?.[field] ?? null, expected },
      `The control file ${file} has no proper ${field}.`,
      'Ask the sender for a whole one.',
    )
  if (!said) {
    throw invalid(
      'control_missing',
      { file, expected: 'a control file beside the data' },
      `The control file ${file} is missing.`,
      'Give it together with the data.',
    )
  }
  if (!Number.isSafeInteger(said.rows)) throw wrong('rows', 'a whole number')
  found.rows = said.rows as number
  if (control.sumOf) {
    const minor = minorOf(String(said.sum), currency)
    if (minor === undefined) throw wrong('sum', 'a decimal number as text')
    found.sumMinor = minor
  }
  if (said.businessDate !== undefined) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(String(said.businessDate))) throw wrong('businessDate', 'a date as 2026-03-02')
    found.businessOn = String(said.businessDate)
  }
  return found
}
