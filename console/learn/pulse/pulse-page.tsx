import type { Pulse } from '#learn/pulse/contract'
import { day, number, percent } from '../../ui/format.ts'
import { Facts } from '../../ui/inspector.tsx'
import { Page, Panel } from '../../ui/page.tsx'
import { Shown } from '../../ui/state.tsx'
import { Day, Pill, When } from '../../ui/values.tsx'
import { AnswersChart, ContactsChart, DecisionsChart } from './charts.tsx'
import { Loop } from './loop.tsx'
import { Needs } from './needs.tsx'
import './pulse.css'
import { usePulse } from './use-pulse.ts'
import { t } from './words.ts'

function Learned({ learned }: { learned: Pulse['learned'] }) {
  return (
    <Panel title={t('learned')}>
      {learned.offered === 0 ? (
        <p className="ui-page-sentence">{t('nothingLearned')}</p>
      ) : (
        <>
          <p className="ui-chart-says">{t('learnedSays', { count: learned.offered })}</p>
          <Facts
            facts={[
              [
                t('acceptance'),
                `${percent(learned.accepted / learned.offered)} (${number(learned.accepted)} / ${number(learned.offered)})`,
              ],
              [
                t('model'),
                <span key="model" className="ui-mono">
                  {learned.modelVersion?.slice(0, 12) ?? '–'}
                </span>,
              ],
              [t('takenAt'), <When key="taken" at={learned.takenAt} />],
              [t('lastAt'), <When key="last" at={learned.lastAt} as="ago" />],
            ]}
          />
        </>
      )}
    </Panel>
  )
}

function Freshness({ attributes, feeds }: Pick<Pulse, 'attributes' | 'feeds'>) {
  const all = feeds.sources.length
  return (
    <Panel title={t('freshness')}>
      <Facts
        facts={[
          [t('attributesAsOf'), <Day key="as of" on={attributes.asOf} />],
          [t('attributesAt'), <When key="at" at={attributes.computedAt} as="ago" />],
          [t('attributesFor'), t('peopleCount', { count: attributes.customers })],
          [t('feedsUpTo'), <Day key="feeds" on={feeds.businessDate} />],
          [
            t('feeds'),
            <Pill key="state" tone={feeds.late + feeds.refused + feeds.unbalanced > 0 ? 'warn' : 'good'}>
              {t('feedsOk', { ok: feeds.ok, all })}
            </Pill>,
          ],
        ]}
      />
    </Panel>
  )
}

/** The loop at a glance, live. For everybody who steers it. */
export default function PulsePage() {
  const pulse = usePulse()
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      action={
        <Pill tone={pulse.live === 'live' ? 'good' : pulse.live === 'lost' ? 'warn' : 'quiet'}>{t(pulse.live)}</Pill>
      }
    >
      <Shown of={pulse}>
        {(found) => (
          <>
            <section aria-label={t('loop', { day: day(found.day) })}>
              <Loop pulse={found} />
            </section>
            <div className="pulse-grid">
              <div className="pulse-column">
                <Panel title={t('needs')} flush>
                  <div className="pulse-needs-list">
                    <Needs pulse={found} />
                  </div>
                </Panel>
                <DecisionsChart decisions={found.decisions} />
                <Freshness attributes={found.attributes} feeds={found.feeds} />
              </div>
              <div className="pulse-column">
                <ContactsChart contacts={found.contacts} />
                <AnswersChart answers={found.answers} />
                <Learned learned={found.learned} />
              </div>
            </div>
          </>
        )}
      </Shown>
    </Page>
  )
}
