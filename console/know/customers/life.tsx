import { useState } from 'react'
import type { Static } from 'typebox'
import type { TimelineReply } from '#engage/timeline/contract'
import type { FactsReply } from '#know/attributes/contract'
import type { CustomerView } from '#know/customers/contract'
import { day } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Inspector } from '../../ui/inspector.tsx'
import { Panel } from '../../ui/page.tsx'
import { Failed, RowsComing } from '../../ui/state.tsx'
import { Day, Pill, When } from '../../ui/values.tsx'
import type { Asking } from './asking.ts'
import { channelName, iconOf, sentenceOf, toneOf } from './item.ts'
import { humanised } from './names.ts'
import { FactValue } from './told.tsx'
import { t } from './words.ts'
import { happeningsOf, seenOf } from './worth.ts'

const SHOWN_MAX = 6
const SAID_MAX = 4

/** What is going on: dated facts nearest to today; all facts are one key away. */
export function Life({ view, facts }: { view: CustomerView | undefined; facts: Asking<Static<typeof FactsReply>> }) {
  const [all, setAll] = useState(false)
  if (!facts.data && !facts.isFetching && !facts.error) return null
  const happenings = facts.data && view ? happeningsOf(facts.data.described, view.on) : undefined
  const seen = facts.data ? seenOf(facts.data.described) : []
  return (
    <Panel
      title={t('life')}
      aside={
        facts.data ? (
          <button type="button" className="ui-asks know-small" onClick={() => setAll(true)}>
            {t('allFacts')}
          </button>
        ) : null
      }
    >
      {happenings ? (
        happenings.length === 0 ? (
          <p className="ui-quiet know-line">{t('lifeNone')}</p>
        ) : (
          <ul className="know-lines">
            {happenings.slice(0, SHOWN_MAX).map(({ fact, on }) => (
              <li key={fact.id} title={fact.meaning}>
                <Icon name={view && on > view.on ? 'wait' : 'dot'} size={14} className="ui-quiet" />
                <span className="ui-clip">{fact.title.replace(/ (on|since|by)$/, '')}</span>
                <span className="ui-quiet know-end know-small">
                  <Day on={on} />
                </span>
              </li>
            ))}
          </ul>
        )
      ) : facts.error ? (
        <Failed failure={facts.error} onAgain={() => void facts.refetch()} />
      ) : (
        <RowsComing rows={4} height={16} />
      )}
      {seen.length > 0 ? (
        <dl className="know-seen" aria-label={t('seen')}>
          {seen.map((fact) => (
            <div key={fact.id} title={fact.meaning}>
              <dt>{fact.title}</dt>
              <dd>
                <FactValue fact={fact} />
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      {all && facts.data ? <AllFacts facts={facts.data} onClose={() => setAll(false)} /> : null}
    </Panel>
  )
}

/** Every attribute with its value, meaning and source; what is not known is said to be so. */
function AllFacts({ facts, onClose }: { facts: Static<typeof FactsReply>; onClose: () => void }) {
  const known = [...facts.described].sort((a, b) => Number(a.absent) - Number(b.absent))
  return (
    <Inspector title={t('factsTitle')} onClose={onClose}>
      {facts.asOf ? <p className="ui-quiet know-line">{t('asOf', { on: day(facts.asOf) })}</p> : null}
      <dl className="ui-facts">
        {known.map((fact) => (
          <div key={fact.id}>
            <dt>
              {fact.title}
              <span className="ui-visually-hidden">: {fact.meaning}</span>
            </dt>
            <dd title={fact.meaning}>
              {fact.absent ? <span className="ui-quiet">{t('absent')}</span> : <FactValue fact={fact} />}
              <span className="ui-quiet know-small know-block">{humanised(fact.source)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Inspector>
  )
}

/** What was last said, either way and on every channel. */
export function Said({ said }: { said: Asking<Static<typeof TimelineReply>> }) {
  // Of what happened, only what was told is said.
  const items = said.data?.items.filter(({ kind, about }) => kind !== 'event' || about?.endsWith('.told')) ?? []
  return (
    <Panel title={t('said')}>
      {said.data ? (
        items.length === 0 ? (
          <p className="ui-quiet know-line">{t('saidNone')}</p>
        ) : (
          <ul className="know-lines know-said">
            {items.slice(0, SAID_MAX).map((item) => {
              const state = toneOf(item)
              return (
                <li key={`${item.kind}${item.id}`}>
                  <Icon name={iconOf(item)} size={14} className="ui-quiet" />
                  <span className="know-said-what">
                    <span className="ui-clip know-block">
                      <bdi>{sentenceOf(item)}</bdi>
                    </span>
                    <span className="ui-quiet know-small">
                      {item.channel ? `${channelName(item.channel)} · ` : ''}
                      <When at={item.at} as="ago" />
                    </span>
                  </span>
                  {state ? (
                    <span className="know-end">
                      <Pill tone={state.tone}>{state.word}</Pill>
                    </span>
                  ) : null}
                </li>
              )
            })}
          </ul>
        )
      ) : said.error ? (
        <Failed failure={said.error} onAgain={() => void said.refetch()} />
      ) : (
        <RowsComing rows={4} height={16} />
      )}
    </Panel>
  )
}
