import type { Cap, OpenHours, Rest } from '#decide/policies/contract'
import type { TitleOf } from './matrix.ts'
import { readable, t } from './words.ts'

export const capTitle = (cap: Cap): string => cap.title ?? readable(cap.id)
export const capLimit = ({ max, windowDays }: Cap): string => t('inDays', { max, days: windowDays })
export const capPer = ({ per }: Cap): string => (per === 'household' ? t('perHousehold') : t('perPerson'))

/** What a cap counts, in words. */
export function capCounts(
  { class: of, direction, channels, groups, actions, outcomes }: Cap,
  titleOf: TitleOf,
): string {
  const parts = [
    of ?? '',
    direction === 'outbound' ? t('outbound') : direction === 'inbound' ? t('inbound') : '',
    (channels ?? []).map((id) => titleOf('channel', id)).join(', '),
    (groups ?? []).map((id) => titleOf('group', id)).join(', '),
    (actions ?? []).map((id) => titleOf('action', id)).join(', '),
    (outcomes ?? []).map(readable).join(', '),
  ].filter(Boolean)
  return parts.length === 0 ? t('everything') : parts.join(' · ')
}

export const capEach = ({ each }: Cap): string =>
  each === 'action' ? t('eachAction') : each === 'group' ? t('eachGroup') : t('together')

const AFTER: Record<Rest['after'], (rest: Rest) => string> = {
  refuse: () => t('after_refuse'),
  not_now: () => t('after_not_now'),
  never: () => t('after_never'),
  accept: () => t('after_accept'),
  ignored: ({ views = 1 }) => t('after_ignored', { count: views }),
}
export const restTitle = (rest: Rest): string => rest.title ?? readable(rest.id)
export const restAfter = (rest: Rest): string => AFTER[rest.after](rest)
const WHAT: Record<Rest['each'], string> = {
  action: t('what_action'),
  group: t('what_group'),
  credit: t('what_credit'),
}
export const restWhat = ({ each }: Rest): string => WHAT[each]
export const restLong = ({ restDays }: Rest): string =>
  restDays === undefined ? t('untilKnown') : t('days', { count: restDays })

const DAYS = [t('day1'), t('day2'), t('day3'), t('day4'), t('day5'), t('day6'), t('day7')]
export const dayName = (weekday: number): string => DAYS[weekday - 1] ?? ''

/** 'Mon–Fri 09:00–20:00, not on holidays' */
export function hoursText({ weekdays, from, to, holidays }: OpenHours): string {
  const days = [...weekdays].sort((a, b) => a - b)
  const inRow = days.length > 2 && days.at(-1)! - days[0]! === days.length - 1
  const names = inRow ? `${dayName(days[0]!)}–${dayName(days.at(-1)!)}` : days.map(dayName).join(', ')
  return `${names} ${from}–${to}, ${holidays ? t('holidays') : t('noHolidays')}`
}
