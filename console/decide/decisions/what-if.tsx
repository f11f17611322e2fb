import { Button, Select, Switch, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Static } from 'typebox'
import type { DecisionFactsReply, WhatIfReply } from '#decide/decisions/contract'
import { useAsk, useTell } from '../../shell/api.ts'
import { homeCurrency, minorDigits, money } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import { Shown } from '../../ui/state.tsx'
import { Pill } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import { ReasonLine } from './reasons.tsx'
import { type Traced, verdictWords } from './stages.ts'
import { readable, t } from './words.ts'

type Fact = DecisionFactsReply['facts'][number]

const shownValue = ({ unit }: Pick<Fact, 'unit'>, value: unknown): string => {
  if (value === null || value === undefined) return t('absent')
  if (Array.isArray(value)) return value.length === 0 ? '[]' : value.map(String).join(', ')
  if (typeof value === 'boolean') return value ? t('yes') : t('no')
  if (unit === 'minor' && typeof value === 'number') return money(value)
  return String(value)
}

/** What was typed as a value of the fact's type; a text that is none gives the sentence to say. */
function typedValue({ type, unit }: Fact, text: string): { value: unknown } | { wrong: string } {
  const typed = text.trim()
  if (unit === 'minor' && typed !== '') {
    const amount = Number(typed.replace(',', '.')) * 10 ** minorDigits()
    return Number.isFinite(amount) ? { value: Math.round(amount) } : { wrong: t('notAnAmount') }
  }
  if (type === 'list<string>')
    return {
      value: typed
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean),
    }
  if (typed === '') return { value: null }
  if (type === 'int') return /^-?\d{1,15}$/.test(typed) ? { value: Number(typed) } : { wrong: t('notAnInt') }
  if (type === 'double')
    return typed !== '' && Number.isFinite(Number(typed)) ? { value: Number(typed) } : { wrong: t('notANumber') }
  if (type === 'date') return /^\d{4}-\d{2}-\d{2}$/.test(typed) ? { value: typed } : { wrong: t('notADate') }
  if (type === 'bool') return { value: typed === 'true' }
  return { value: typed }
}

/** The fact's value as one would type it: amounts in the currency's own units, as they are shown. */
const typedFrom = ({ unit, value }: Fact): string =>
  value === null
    ? ''
    : Array.isArray(value)
      ? value.join(', ')
      : unit === 'minor' && typeof value === 'number'
        ? (value / 10 ** minorDigits()).toFixed(minorDigits())
        : String(value)

const titlesOf = (ids: readonly string[], actions: readonly Traced[]): string =>
  ids.length === 0
    ? t('nobody')
    : ids.map((id) => actions.find(({ action }) => action === id)?.title ?? readable(id)).join(', ')

function Answer({
  fact,
  value,
  answer,
  actions,
}: {
  fact: Fact
  value: unknown
  answer: Static<typeof WhatIfReply>
  actions: readonly Traced[]
}) {
  if (answer.changed.length === 0)
    return (
      <p role="status">
        <strong>{t('noChange')}</strong> {t('noChangeSentence', { fact: fact.title, value: shownValue(fact, value) })}
      </p>
    )
  return (
    <div role="status">
      <div className="beside">
        <div>
          <h3>{t('shownBefore')}</h3>
          <bdi>{titlesOf(answer.before, actions)}</bdi>
        </div>
        <div>
          <h3>{t('shownAfter')}</h3>
          <bdi>
            <strong>{titlesOf(answer.after, actions)}</strong>
          </bdi>
        </div>
      </div>
      <strong>{t('changes', { count: answer.changed.length })}</strong>
      <ul className="change-list">
        {answer.changed.map(({ action, before, after, reasons }) => (
          <li key={action}>
            <div className="change-way">
              <bdi className="reason-title">{titlesOf([action], actions)}</bdi>
              <Pill tone={before === 'shown' ? 'good' : 'quiet'}>{verdictWords(before)}</Pill>
              <Icon name="right" size={14} />
              <Pill tone={after === 'shown' ? 'good' : 'warn'}>{verdictWords(after)}</Pill>
            </div>
            {reasons
              .filter(({ stage }) => stage === after)
              .slice(0, 3)
              .map((reason) => (
                <ReasonLine key={`${reason.level} ${reason.clause}`} reason={reason} decided />
              ))}
          </li>
        ))}
      </ul>
    </div>
  )
}

function Form({
  decisionId,
  facts,
  actions,
}: {
  decisionId: string
  facts: readonly Fact[]
  actions: readonly Traced[]
}) {
  const [name, setName] = useState<string | null>(null)
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState<string | undefined>()
  const [asked, setAsked] = useState<{ fact: Fact; value: unknown } | null>(null)
  const tell = useTell(endpoints.whatIf)
  const fact = facts.find((one) => one.name === name)
  const choose = (next: string | null): void => {
    setName(next)
    setWrong(undefined)
    const found = facts.find((one) => one.name === next)
    setText(found === undefined ? '' : typedFrom(found))
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!fact) return
    const found = typedValue(fact, text)
    setWrong('wrong' in found ? found.wrong : undefined)
    if ('wrong' in found) return
    setAsked({ fact, value: found.value })
    tell.mutate({ params: { decisionId }, body: { change: { [fact.name]: found.value } } })
  }
  return (
    <>
      <form className="what-if" onSubmit={submit}>
        <Select
          label={t('fact')}
          placeholder={t('factPick')}
          searchable
          clearable
          maxDropdownHeight={320}
          data={facts.map((one) => ({ value: one.name, label: one.title }))}
          value={name}
          onChange={choose}
          description={fact?.meaning}
        />
        {fact === undefined ? null : (
          <>
            <span className="what-if-was">
              <span className="part-name">{t('was')}</span>
              <strong>
                <bdi>{shownValue(fact, fact.value)}</bdi>
              </strong>
            </span>
            {fact.type === 'bool' ? (
              <Switch
                label={t('wouldBe')}
                checked={text === 'true'}
                onChange={(event) => setText(String(event.currentTarget.checked))}
              />
            ) : (
              <TextInput
                label={t('wouldBe')}
                description={fact.unit === 'minor' ? t('minorHint', { currency: homeCurrency() }) : undefined}
                placeholder={t('makeAbsent')}
                value={text}
                maxLength={400}
                error={wrong}
                onChange={(event) => setText(event.currentTarget.value)}
              />
            )}
            <Button type="submit" loading={tell.isPending}>
              {t('ask')}
            </Button>
          </>
        )}
      </form>
      {tell.error ? (
        <p role="alert" className="ui-bad">
          {tell.error.message} {tell.error.next}
        </p>
      ) : tell.data && asked ? (
        <Answer fact={asked.fact} value={asked.value} answer={tell.data} actions={actions} />
      ) : null}
    </>
  )
}

/** One fact is given another value, and the decision is made again beside its record. */
export function WhatIf({
  decisionId,
  actions,
  reason,
}: {
  decisionId: string
  actions: readonly Traced[]
  reason: string | undefined
}) {
  const facts = useAsk(endpoints.facts, { params: { decisionId } }, { reason, staleTime: Number.POSITIVE_INFINITY })
  return (
    <Panel title={t('whatIf')}>
      <p className="hint">{t('whatIfHint')}</p>
      <Shown of={facts}>{(data) => <Form decisionId={decisionId} facts={data.facts} actions={actions} />}</Shown>
    </Panel>
  )
}
