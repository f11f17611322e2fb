import { TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Static } from 'typebox'
import type { FactsReply } from '#know/attributes/contract'
import { money, number, percent } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Facts, Inspector } from '../../ui/inspector.tsx'
import { Pill } from '../../ui/values.tsx'
import type { Preview } from './asking.ts'
import { humanised } from './names.ts'
import { t } from './words.ts'
import { partsOf } from './worth.ts'

const VERDICTS: Record<string, string> = {
  shown: t('v_shown'),
  outranked: t('v_outranked'),
  below_nothing: t('v_below_nothing'),
  withheld: t('v_withheld'),
  eligibility: t('v_eligibility'),
  applicability: t('v_applicability'),
  suitability: t('v_suitability'),
  feed_late: t('v_feed_late'),
  quiet_time: t('v_quiet_time'),
  cap: t('v_cap'),
  rest: t('v_rest'),
  consent: t('v_consent'),
  authority: t('v_authority'),
  no_treatment: t('v_no_treatment'),
}
const verdictWords = (verdict: string): string => VERDICTS[verdict] ?? humanised(verdict)

/**
 * `customer.salary_60d = 2` in the catalogue's words: "Salaries in 60 days = 2"; what stands beside an amount in minor
 * units is an amount.
 */
function inWords(text: string, titles: ReadonlyMap<string, string>): string {
  return text
    .replace(
      /(_minor (?:=|==|!=|>=|<=|>|<) )(-?\d+)\b/g,
      (_, before: string, minor: string) => before + money(Number(minor)),
    )
    .replace(/customer\.(\w+)/g, (whole, id: string) => titles.get(id) ?? whole)
}

/** Why this action and why not the others: the parts of its place, and for each other the clause that kept it out. */
export function Why({
  preview,
  action,
  facts,
  onClose,
}: {
  preview: Preview
  /** '' for all of them. */
  action: string
  facts: Static<typeof FactsReply> | undefined
  onClose: () => void
}) {
  const [text, setText] = useState('')
  const titles = new Map(facts?.described.map(({ id, title }) => [id, title]))
  const chosen = preview.actions.find((one) => one.action === action)
  const parts = partsOf(preview.considered, action)
  const wanted = text.trim().toLowerCase()
  const shown = preview.considered.filter(({ title }) => title.toLowerCase().includes(wanted))
  const said = new Set(preview.actions.map((one) => one.action))
  return (
    <Inspector title={chosen ? t('whyOf', { title: chosen.title }) : t('considered')} onClose={onClose}>
      {chosen && parts ? (
        <section aria-label={t('parts')} className="know-why-parts">
          <h3 className="know-inspector-title">{t('parts')}</h3>
          <Facts
            facts={[
              [t('propensity'), percent(parts.propensity, 2)],
              [t('customerValue'), money(parts.customerValueMinor)],
              [t('bankValue'), money(parts.bankValueMinor)],
              [t('cost'), money(parts.costMinor)],
              [t('contextWeight'), number(parts.contextWeight, 2)],
              [t('lever'), number(parts.lever, 2)],
              [t('score'), number(chosen.priority, 1)],
            ]}
          />
        </section>
      ) : null}
      <h3 className="know-inspector-title">
        {t('verdictCount', { shown: said.size, all: preview.considered.length })}
      </h3>
      <TextInput
        type="search"
        size="xs"
        aria-label={t('filterActions')}
        placeholder={t('filterActions')}
        leftSection={<Icon name="filter" size={14} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <ul className="know-why">
        {shown.map((one) => {
          const reasons = [...one.reasons, ...one.treatments.flatMap((treatment) => treatment.reasons)]
          const [first] = reasons
          return (
            <li key={one.action}>
              <div className="know-next-head">
                <span className="ui-clip">{one.title}</span>
                <span className="know-end">
                  <Pill tone={said.has(one.action) ? 'good' : 'quiet'}>{verdictWords(one.verdict)}</Pill>
                </span>
              </div>
              {first ? (
                <div className="know-small">
                  <span className="know-block">{first.title}</span>
                  <span className="ui-quiet know-block">
                    {t('found')}: {inWords(first.found, titles)}
                  </span>
                  <span className="ui-quiet know-block">
                    {t('needed')}: {inWords(first.needed, titles)}
                  </span>
                </div>
              ) : null}
            </li>
          )
        })}
      </ul>
    </Inspector>
  )
}
