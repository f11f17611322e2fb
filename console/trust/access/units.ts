import type { Static } from 'typebox'
import type { NewKey, Person, UnitInput } from '#trust/access/contract'
import { t } from './words.ts'

export type Unit = Static<typeof UnitInput>
export type PersonRow = Static<typeof Person>

const KINDS = ['bank', 'branch', 'team', 'portfolio'] as const

/** 'branch 17, team north'; what one may see of the bank. */
export const unitsText = (units: readonly Unit[], between = ', '): string =>
  units.map(({ kind, code }) => (kind === 'bank' ? 'bank' : `${kind} ${code}`)).join(between)

export const scopeText = (units: readonly Unit[]): string =>
  units.length === 0 ? t('nobody') : units.some(({ kind }) => kind === 'bank') ? t('wholeBank') : unitsText(units)

/** Reads what somebody wrote, one unit a line; a line that names none is an error. */
export function readUnits(text: string): { units: Unit[] } | { error: string } {
  const units: Unit[] = []
  for (const line of text.split(/[\n,]/).map((each) => each.trim())) {
    if (line === '') continue
    const [, word = '', code = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? []
    const kind = KINDS.find((each) => each === word.toLowerCase())
    if (!kind || (kind !== 'bank' && code === '')) return { error: t('badUnit', { line }) }
    units.push({ kind, code: kind === 'bank' ? '*' : code })
  }
  return { units }
}

/** The same as a key is bound by it: the whole bank, or lists of units. */
export function scopeOf(units: readonly Unit[]): NonNullable<NewKey['scope']> {
  if (units.some(({ kind }) => kind === 'bank')) return 'all'
  const codes = (kind: Unit['kind']): string[] => [
    ...new Set(units.filter((one) => one.kind === kind).map(({ code }) => code)),
  ]
  return { branches: codes('branch'), teams: codes('team'), portfolios: codes('portfolio') }
}
