import type { Pulse } from '#learn/pulse/contract'
import { Chart } from '../../ui/chart.tsx'
import { Bars } from '../../ui/chart-bars.tsx'
import { Columns } from '../../ui/chart-columns.tsx'
import type { Colour } from '../../ui/chart-scale.ts'
import { number, timeOfDay } from '../../ui/format.ts'
import { t } from './words.ts'

const hour = (at: string): string => timeOfDay(new Date(at)).slice(0, 5)
const sayable = (text: string): string => text.replaceAll('_', ' ')

export function DecisionsChart({ decisions }: { decisions: Pulse['decisions'] }) {
  const { minutes, lastHour, lastHourWithSomething } = decisions
  return (
    <Chart
      title={t('perMinute')}
      says={
        lastHour === 0
          ? t('quietHour')
          : t('perMinuteSays', { made: number(lastHour), something: number(lastHourWithSomething) })
      }
      height={200}
      table={{
        columns: [t('time'), t('something'), t('made')],
        rows: minutes
          .filter(({ made }) => made > 0)
          .reverse()
          .map(({ at, made, withSomething }) => [hour(at), number(withSomething), number(made - withSomething)]),
      }}
    >
      <Columns
        label={t('perMinute')}
        height={140}
        names={minutes.map(({ at }) => hour(at))}
        series={[
          { name: t('something'), colour: 'accent', values: minutes.map(({ withSomething }) => withSomething) },
          {
            name: t('made'),
            colour: 'quiet',
            faint: true,
            values: minutes.map(({ made, withSomething }) => made - withSomething),
          },
        ]}
      />
    </Chart>
  )
}

/** In the order in which a contact comes to them, each in the colour of what it means; the rest is quiet. */
const STATES: readonly { state: string; colour: Colour; faint?: boolean }[] = [
  { state: 'accepted', colour: 'good' },
  { state: 'clicked', colour: 'info' },
  { state: 'deferred', colour: 'warn' },
  { state: 'refused', colour: 'bad' },
  { state: 'declined_for_good', colour: 'bad', faint: true },
  { state: 'shown', colour: 'quiet' },
  { state: 'delivered', colour: 'quiet' },
  { state: 'offered', colour: 'quiet', faint: true },
]
const styleOf = (state: string) =>
  STATES.find((one) => one.state === state) ?? { colour: 'quiet' as const, faint: true }
const placeOf = (state: string): number =>
  (STATES.findIndex((one) => one.state === state) + STATES.length + 1) % (STATES.length + 1)
const titled = (code: string): string => sayable(code).replace(/^./, (first) => first.toUpperCase())

export function ContactsChart({ contacts }: { contacts: Pulse['contacts'] }) {
  const channels = [...new Set(contacts.lines.map(({ channel }) => channel))].sort()
  const states = [...new Set(contacts.lines.map(({ state }) => state))].sort((a, b) => placeOf(a) - placeOf(b))
  const countOf = (channel: string, state: string): number =>
    contacts.lines.find((line) => line.channel === channel && line.state === state)?.count ?? 0
  return (
    <Chart
      title={t('contactsBy')}
      says={contacts.today === 0 ? t('noContacts') : t('contactsSays', { count: contacts.today })}
      table={{
        columns: [t('channel'), ...states.map(titled)],
        rows: channels.map((channel) => [titled(channel), ...states.map((state) => number(countOf(channel, state)))]),
      }}
    >
      <Bars
        label={t('contactsBy')}
        keyed
        names={channels.map(titled)}
        series={states.map((state) => ({
          name: titled(state),
          colour: styleOf(state).colour,
          faint: styleOf(state).faint ?? false,
          values: channels.map((channel) => countOf(channel, state)),
        }))}
      />
    </Chart>
  )
}

const ANSWERS = ['impression', 'click', 'accept', 'not_now', 'refuse', 'never'] as const

export function AnswersChart({ answers }: { answers: Pulse['answers'] }) {
  return (
    <Chart
      title={t('answersBy')}
      says={answers.today === 0 ? t('noAnswers') : t('answersSays', { count: answers.today })}
      height={200}
      table={{
        columns: [t('answer'), t('count')],
        rows: answers.today === 0 ? [] : ANSWERS.map((kind) => [t(kind), number(answers.kinds[kind])]),
      }}
    >
      <Bars
        label={t('answersBy')}
        names={ANSWERS.map((kind) => t(kind))}
        colours={ANSWERS.map((kind) =>
          kind === 'accept' ? 'good' : kind === 'refuse' || kind === 'never' ? 'bad' : 'accent',
        )}
        series={[{ name: t('count'), values: ANSWERS.map((kind) => answers.kinds[kind]) }]}
      />
    </Chart>
  )
}
