import { Link } from '@tanstack/react-router'
import { useAsk } from '../../shell/api.ts'
import { useSession } from '../../shell/session.tsx'
import { useNames } from '../../shell/who.tsx'
import { ago } from '../../ui/format.ts'
import { Panel } from '../../ui/page.tsx'
import { Shown } from '../../ui/state.tsx'
import { StatePill, stateOf } from './draft.tsx'
import * as endpoints from './endpoints.ts'
import './playbook.css'
import { t } from './words.ts'

/** What others want approved, for whoever may say yes. */
export default function HomeApprovals() {
  const { me } = useSession()
  const drafts = useAsk(endpoints.drafts, { query: { limit: 500 } }, { refetchInterval: 30_000 })
  const wanted = (drafts.data?.drafts ?? []).filter(
    (draft) => ['stateReview', 'stateApproved'].includes(stateOf(draft)) && draft.madeBy !== me.id,
  )
  const nameOf = useNames(wanted.map(({ madeBy }) => madeBy))
  return (
    <Panel title={t('homeTitle')}>
      <Shown of={drafts}>
        {() =>
          wanted.length === 0 ? (
            <p className="ui-quiet">{t('homeNone')}</p>
          ) : (
            <ul className="playbook-rows">
              {wanted.slice(0, 8).map((draft) => (
                <li key={draft.draftId}>
                  <span className="playbook-what">
                    <Link to={`/trust/playbook/drafts/${draft.draftId}`}>
                      <bdi>{draft.title}</bdi>
                    </Link>{' '}
                    <span className="ui-quiet">
                      {t('changedBy', {
                        who: nameOf(draft.madeBy),
                        ago: ago(new Date(draft.requestedAt ?? draft.madeAt)),
                      })}
                    </span>
                  </span>
                  <StatePill draft={draft} />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </Panel>
  )
}
