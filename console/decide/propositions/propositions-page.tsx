import { Button, SegmentedControl } from '@mantine/core'
import { Link, Navigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useAsk } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { number } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Figure, Page } from '../../ui/page.tsx'
import { Empty, Shown } from '../../ui/state.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { None, Percent, Pill, type Tone } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import './propositions.css'
import { type ActionNode, grouped, KINDS, type Taken, takenBy, treeOf } from './tree.ts'
import { readable, t } from './words.ts'

interface Row {
  readonly channels: readonly string[]
  readonly node: ActionNode
  readonly taken: Taken | undefined
}

const TONES: Record<string, Tone> = { marketing: 'info', service: 'quiet', care: 'good', regulatory: 'warn' }
const channelsOf = ({ treatments }: ActionNode): string[] => [...new Set(treatments.map(({ channel }) => channel))]

const Class = ({ node }: { node: ActionNode }) => (
  <Pill tone={TONES[node.document.class] ?? 'quiet'}>
    {node.document.nothing ? t('doesNothing') : node.document.class}
    {node.credit ? `, ${t('credit')}` : ''}
  </Pill>
)
const Share = ({ taken }: { taken: Taken | undefined }) =>
  taken && taken.offered > 0 ? <Percent share={taken.accepted / taken.offered} base={taken.offered} /> : <None />

const columns: Column<Row>[] = [
  { id: 'action', title: t('action'), value: ({ node }) => node.document.title },
  { id: 'issue', title: t('issue'), value: ({ node }) => node.issue.title, width: 130, narrow: false },
  { id: 'group', title: t('group'), value: ({ node }) => node.group.title, width: 150, narrow: false },
  {
    id: 'class',
    title: t('kind'),
    value: ({ node }) => node.document.class,
    show: ({ node }) => <Class node={node} />,
    width: 150,
  },
  {
    id: 'channels',
    title: t('channels'),
    value: ({ channels }) => channels.join(', '),
    narrow: false,
  },
  {
    id: 'clauses',
    title: t('clauses'),
    value: ({ node }) => node.clauses.length,
    width: 90,
    align: 'end',
    narrow: false,
  },
  {
    id: 'lever',
    title: t('lever'),
    value: ({ node }) => node.lever,
    show: ({ node }) => `× ${number(node.lever, 2)}`,
    width: 80,
    align: 'end',
    narrow: false,
  },
  {
    id: 'share',
    title: t('taken'),
    value: ({ taken }) => (taken && taken.offered > 0 ? taken.accepted / taken.offered : null),
    show: ({ taken }) => <Share taken={taken} />,
    width: 150,
    align: 'end',
    narrow: false,
  },
]

const addressOf = ({ document }: ActionNode): string => `/decide/propositions/actions/${document.id}`

/** Issue, group and action, each with its counts; an action leads to its page. */
function TreeView({ rows }: { rows: readonly Row[] }) {
  return (
    <div className="tree">
      {grouped(rows, ({ node }) => node.issue.id).map(([issueId, ofIssue]) => (
        <details key={issueId} open className="tree-issue">
          <summary>
            <Icon name="right" size={14} className="tree-mark" />
            <h2>{ofIssue[0]!.node.issue.title}</h2>
            <span className="ui-quiet">
              {t('counts', {
                count: ofIssue.length,
                treatments: number(ofIssue.reduce((sum, { node }) => sum + node.treatments.length, 0)),
              })}
            </span>
          </summary>
          <div className="tree-groups">
            {grouped(ofIssue, ({ node }) => node.group.id).map(([groupId, ofGroup]) => (
              <section key={groupId} className="tree-group">
                <div className="tree-group-head">
                  <h3>{ofGroup[0]!.node.group.title}</h3>
                  <span>{t('takenOfSeen')}</span>
                </div>
                <ul>
                  {ofGroup.map(({ node, taken, channels }) => (
                    <li key={node.document.id}>
                      <Link to={addressOf(node) as never} className="tree-action">
                        <bdi>{node.document.title}</bdi>
                      </Link>
                      <Class node={node} />
                      <span className="tree-channels">
                        {channels.length === 0
                          ? t('none')
                          : channels.map((channel, at) => (
                              <span key={channel}>
                                {at > 0 ? ' · ' : ''}
                                <span className="ui-nowrap">{channel}</span>
                              </span>
                            ))}
                      </span>
                      <span className="tree-taken">
                        <Share taken={taken} />
                      </span>
                    </li>
                  ))}
                </ul>
              </section>
            ))}
          </div>
        </details>
      ))}
    </div>
  )
}

/** What may be said. For whoever plans, owns products, or asks what the bank can say at all. */
export default function PropositionsPage() {
  const may = useMay()
  const [row] = useUrlState('row')
  const [as, setAs] = useUrlState('as', 'tree', { opens: true })
  const found = useAsk(endpoints.documents, { query: { kinds: KINDS } })
  const learned = useAsk(endpoints.propensities, {}, { enabled: may('decide.arbitration:read') })
  const tree = useMemo(() => (found.data ? treeOf(found.data) : undefined), [found.data])
  const rows = useMemo(() => {
    const taken = takenBy(learned.data?.propensities ?? [], ({ action }) => action)
    return tree?.actions.map(
      (node): Row => ({
        node,
        taken: taken.get(node.document.id),
        channels: channelsOf(node).map((id) => tree.channels.get(id)?.title ?? readable(id)),
      }),
    )
  }, [tree, learned.data])
  if (row !== '') return <Navigate to={`/decide/propositions/actions/${row}` as never} replace />
  const nodes = tree?.actions ?? []
  const empty = {
    title: t('emptyTitle'),
    sentence: t('emptySentence'),
    action: may('trust.playbook:draft') ? (
      <Button renderRoot={(props) => <Link {...props} to={'/trust/playbook' as never} />}>{t('toPlaybook')}</Button>
    ) : undefined,
  }
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      figures={
        <>
          <Figure
            title={t('issues')}
            value={number(new Set(nodes.map(({ issue }) => issue.id)).size)}
            foot={t('groupsFoot', { count: new Set(nodes.map(({ group }) => group.id)).size })}
          />
          <Figure
            title={t('actions')}
            value={number(nodes.length)}
            foot={t('actionsFoot', {
              marketing: nodes.filter(({ document }) => document.class === 'marketing').length,
            })}
            to="/decide/propositions?as=list"
          />
          <Figure
            title={t('treatments')}
            value={number(nodes.reduce((sum, { treatments }) => sum + treatments.length, 0))}
            foot={t('treatmentsFoot', { count: new Set(nodes.flatMap(channelsOf)).size })}
            to="/engage/content"
          />
          <Figure
            title={t('measured')}
            value={number(nodes.filter(({ outcomes }) => outcomes.length > 0).length)}
            foot={t('ofActions', { count: nodes.length })}
          />
        </>
      }
    >
      <SegmentedControl
        aria-label={t('asWhat')}
        value={as}
        onChange={setAs}
        data={[
          { value: 'tree', label: t('tree') },
          { value: 'list', label: t('list') },
        ]}
        style={{ alignSelf: 'start' }}
      />
      {as === 'list' ? (
        <DataTable
          name="actions"
          title={t('title')}
          columns={columns}
          rows={rows}
          rowId={({ node }) => node.document.id}
          error={found.error}
          onAgain={() => void found.refetch()}
          open={({ node }) => addressOf(node)}
          empty={empty}
        />
      ) : (
        <Shown of={found}>
          {() => (rows && rows.length > 0 ? <TreeView rows={rows} /> : <Empty icon="action" {...empty} />)}
        </Shown>
      )}
    </Page>
  )
}
