import { Button, Tabs } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useAsk } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { number } from '../../ui/format.ts'
import { Figure, Page } from '../../ui/page.tsx'
import { Empty, Shown } from '../../ui/state.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { None, Percent } from '../../ui/values.tsx'
import { Cases, Outcomes } from './cases.tsx'
import * as endpoints from './endpoints.ts'
import { Previews } from './previews.tsx'
import './propositions.css'
import { type ActionNode, KINDS, type Tree, takenBy, treeOf } from './tree.ts'
import { Who } from './who.tsx'
import { readable, t } from './words.ts'
import { Worth } from './worth.tsx'

function Action({ node, tree }: { node: ActionNode; tree: Tree }) {
  const may = useMay()
  const [part, setPart] = useUrlState('part', 'say', { opens: true })
  const learned = useAsk(endpoints.propensities, {}, { enabled: may('decide.arbitration:read') })
  const { document, issue, group, product, treatments, clauses } = node
  const lines = (learned.data?.propensities ?? []).filter(({ action }) => action === document.id)
  const taken = takenBy(lines, ({ action }) => action).get(document.id) ?? { offered: 0, accepted: 0 }
  const here = `/decide/propositions/actions/${document.id}`
  return (
    <Page
      title={document.title}
      sentence={
        document.description ??
        t('actionSentence', {
          issue: issue.title,
          group: group.title,
          kind: document.class,
          product: product === undefined ? '' : t('toProduct', { product: product.title }),
        })
      }
      action={
        may('trust.playbook:draft') ? (
          <Button
            variant="default"
            renderRoot={(props) => <Link {...props} to={`/trust/playbook/documents/action/${document.id}` as never} />}
          >
            {t('edit')}
          </Button>
        ) : undefined
      }
      figures={
        <>
          <Figure title={t('figTreatments')} value={number(treatments.length)} to={here} />
          <Figure title={t('figClauses')} value={number(clauses.length)} to={`${here}?part=who`} />
          <Figure title={t('figSeen')} value={number(taken.offered)} to={`${here}?part=worth`} />
          <Figure
            title={t('figTaken')}
            value={taken.offered > 0 ? <Percent share={taken.accepted / taken.offered} /> : <None />}
            foot={t('ofSeen', { count: taken.offered })}
            to={`/learn/outcomes?action=${document.id}`}
          />
        </>
      }
    >
      <Tabs value={part} onChange={(next) => setPart(next ?? 'say')} keepMounted={false}>
        <Tabs.List aria-label={t('parts')} mb={16}>
          <Tabs.Tab value="say">{t('tabSay')}</Tabs.Tab>
          <Tabs.Tab value="who">{t('tabWho')}</Tabs.Tab>
          <Tabs.Tab value="worth">{t('tabWorth')}</Tabs.Tab>
          <Tabs.Tab value="cases">{t('tabCases')}</Tabs.Tab>
          <Tabs.Tab value="outcome">{t('tabOutcome')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="say">
          <Previews node={node} tree={tree} />
        </Tabs.Panel>
        <Tabs.Panel value="who">
          <Who node={node} />
        </Tabs.Panel>
        <Tabs.Panel value="worth">
          <Worth node={node} lines={lines} />
        </Tabs.Panel>
        <Tabs.Panel value="cases">
          <Cases node={node} />
        </Tabs.Panel>
        <Tabs.Panel value="outcome">
          <Outcomes node={node} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

/** One action: how it is put on each channel, who may hear it, what it is worth, its cases and its outcome. */
export default function ActionPage() {
  const { actionId = '' } = useParams({ strict: false }) as { actionId?: string }
  const found = useAsk(endpoints.documents, { query: { kinds: KINDS } })
  const tree = useMemo(() => (found.data ? treeOf(found.data) : undefined), [found.data])
  const node = tree?.actions.find(({ document }) => document.id === actionId)
  if (tree && node) return <Action key={actionId} node={node} tree={tree} />
  return (
    <Page title={tree ? t('noActionTitle') : readable(actionId)} sentence={t('sentence')}>
      {tree ? (
        <Empty
          icon="action"
          title={t('noActionTitle')}
          sentence={t('noActionSentence', { action: actionId })}
          action={
            <Button variant="default" renderRoot={(props) => <Link {...props} to={'/decide/propositions' as never} />}>
              {t('toAll')}
            </Button>
          }
        />
      ) : (
        <Shown of={found}>{() => null}</Shown>
      )}
    </Page>
  )
}
