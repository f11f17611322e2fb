import { useMemo } from 'react'
import type { Pulse } from '#learn/pulse/contract'
import { Chart } from '../../ui/chart.tsx'
import { number, timeOfDay } from '../../ui/format.ts'
import { t } from './words.ts'

const hour = (at: string): string => timeOfDay(new Date(at)).slice(0, 5)
const sayable = (text: string): string => text.replaceAll('_', ' ')

export function DecisionsChart({ decisions }: { decisions: Pulse['decisions'] }) {
  const option = useMemo(
    () => ({
      legend: {},
      grid: { left: 4, right: 8, top: 32, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'category', data: decisions.minutes.map(({ at }) => hour(at)) },
      yAxis: { type: 'value', minInterval: 1 },
      series: [
        {
          name: t('something'),
          type: 'bar',
          stack: 'all',
          barCategoryGap: '20%',
          data: decisions.minutes.map(({ withSomething }) => withSomething),
          itemStyle: { color: 'accent' },
        },
        {
          name: t('made'),
          type: 'bar',
          stack: 'all',
          data: decisions.minutes.map(({ made, withSomething }) => made - withSomething),
          itemStyle: { color: 'quiet', opacity: 0.45 },
        },
      ],
    }),
    [decisions],
  )
  return (
    <Chart
      title={t('perMinute')}
      says={
        decisions.lastHour === 0
          ? t('quietHour')
          : t('perMinuteSays', { made: number(decisions.lastHour), something: number(decisions.lastHourWithSomething) })
      }
      option={option}
      height={200}
      table={{
        columns: [t('time'), t('something'), t('made')],
        rows: decisions.minutes
          .filter(({ made }) => made > 0)
          .reverse()
          .map(({ at, made, withSomething }) => [hour(at), number(withSomething), number(made - withSomething)]),
      }}
    />
  )
}

export function ContactsChart({ contacts }: { contacts: Pulse['contacts'] }) {
  const channels = [...new Set(contacts.lines.map(({ channel }) => channel))].sort()
  const states = [...new Set(contacts.lines.map(({ state }) => state))].sort()
  const countOf = (channel: string, state: string): number =>
    contacts.lines.find((line) => line.channel === channel && line.state === state)?.count ?? 0
  return (
    <Chart
      title={t('contactsBy')}
      says={contacts.today === 0 ? t('noContacts') : t('contactsSays', { count: contacts.today })}
      height={Math.max(140, 56 + channels.length * 36)}
      option={{
        legend: {},
        grid: { left: 4, right: 16, top: 32, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
        tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
        xAxis: { type: 'value', minInterval: 1 },
        yAxis: { type: 'category', data: channels.map(sayable) },
        series: states.map((state) => ({
          name: sayable(state),
          type: 'bar',
          stack: 'all',
          barMaxWidth: 18,
          data: channels.map((channel) => countOf(channel, state)),
        })),
      }}
      table={{
        columns: [t('channel'), ...states.map(sayable)],
        rows: channels.map((channel) => [sayable(channel), ...states.map((state) => number(countOf(channel, state)))]),
      }}
    />
  )
}

const ANSWERS = ['impression', 'click', 'accept', 'not_now', 'refuse', 'never'] as const

export function AnswersChart({ answers }: { answers: Pulse['answers'] }) {
  const option = useMemo(
    () => ({
      grid: { left: 4, right: 40, top: 4, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      tooltip: { trigger: 'item' },
      xAxis: { type: 'value', show: false },
      yAxis: { type: 'category', inverse: true, data: ANSWERS.map((kind) => t(kind)) },
      series: [
        {
          name: t('answersBy'),
          type: 'bar',
          barMaxWidth: 18,
          label: { show: true, position: 'right', color: 'text' },
          data: ANSWERS.map((kind) => ({
            value: answers.kinds[kind],
            itemStyle: { color: kind === 'accept' ? 'good' : kind === 'refuse' || kind === 'never' ? 'bad' : 'accent' },
          })),
        },
      ],
    }),
    [answers],
  )
  return (
    <Chart
      title={t('answersBy')}
      says={answers.today === 0 ? t('noAnswers') : t('answersSays', { count: answers.today })}
      height={190}
      option={option}
      table={{
        columns: [t('answer'), t('count')],
        rows: answers.today === 0 ? [] : ANSWERS.map((kind) => [t(kind), number(answers.kinds[kind])]),
      }}
    />
  )
}
