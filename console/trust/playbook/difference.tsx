import { SegmentedControl } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useAsk } from '../../shell/api.ts'
import { Diff } from '../../ui/diff.tsx'
import { useFew } from '../../ui/few.tsx'
import { Panel } from '../../ui/page.tsx'
import { Shown } from '../../ui/state.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { ChangePill, type DocumentChange, Fields, whichOf } from './draft.tsx'
import * as endpoints from './endpoints.ts'
import './playbook.css'
import { t } from './words.ts'

/** The documents that differ, each field by field: before struck, after beside it. */
export function ChangesInWords({
  changes,
  to,
}: {
  changes: readonly DocumentChange[]
  to?: (c: DocumentChange) => string
}) {
  const [few, rest] = useFew(changes)
  if (changes.length === 0) return <p className="ui-quiet">{t('noDifference')}</p>
  return (
    <ul className="playbook-changes">
      {few.map((one) => (
        <li key={`${one.kind}/${one.id}`}>
          <div className="playbook-change-head">
            <ChangePill change={one.change} />
            {to ? (
              <Link to={to(one)}>
                <bdi>{one.title}</bdi>
              </Link>
            ) : (
              <strong>
                <bdi>{one.title}</bdi>
              </strong>
            )}
            <span className="ui-quiet">{whichOf(one)}</span>
          </div>
          <Fields fields={one.fields} />
        </li>
      ))}
      {rest ? <li>{rest}</li> : null}
    </ul>
  )
}

/** One document as text: what runs against what the draft says. */
function InText({ draftId, kind, id }: { draftId: string; kind: string; id: string }) {
  const found = useAsk(endpoints.draftDocument, { params: { draftId, kind, id } })
  return (
    <Shown of={found}>
      {({ draft, running }) => <Diff before={running?.text ?? ''} after={draft?.text ?? ''} title={`${kind} ${id}`} />}
    </Shown>
  )
}

/** What a draft would change of what runs, in words and as text. */
export function Difference({ draftId, changes }: { draftId: string; changes: readonly DocumentChange[] }) {
  const [as, setAs] = useUrlState('as', 'words')
  return (
    <Panel
      title={t('difference')}
      aside={
        <SegmentedControl
          size="xs"
          aria-label={t('as')}
          value={as}
          onChange={setAs}
          data={[
            { value: 'words', label: t('inWords') },
            { value: 'text', label: t('inText') },
          ]}
        />
      }
    >
      {as === 'words' || changes.length === 0 ? (
        <ChangesInWords changes={changes} to={({ kind, id }) => `/trust/playbook/drafts/${draftId}/${kind}/${id}`} />
      ) : (
        changes.slice(0, 30).map(({ kind, id, title }) => (
          <section key={`${kind}/${id}`} className="playbook-text">
            <p>
              <strong>
                <bdi>{title}</bdi>
              </strong>{' '}
              <span className="ui-quiet">{whichOf({ kind, id })}</span>
            </p>
            <InText draftId={draftId} kind={kind} id={id} />
          </section>
        ))
      )}
    </Panel>
  )
}
