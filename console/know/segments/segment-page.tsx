import { Button } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { useAsk } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { Expression, type Misplaced } from '../../ui/expression.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Page, Panel } from '../../ui/page.tsx'
import { Empty, Failed, RowsComing } from '../../ui/state.tsx'
import { humanised } from '../../ui/typed-value.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { Pill } from '../../ui/values.tsx'
import { Anatomy } from './anatomy.tsx'
import { LiveCount } from './count.tsx'
import type { SegmentFields } from './document.ts'
import * as endpoints from './endpoints.ts'
import { useLiveCount } from './live-count.ts'
import { expressionOf, type Group, treeOf } from './rule.ts'
import { Sample } from './sample.tsx'
import { Save } from './save.tsx'
import { STRATEGIES } from './strategies.ts'
import './segments.css'
import { Uses } from './uses.tsx'
import { t } from './words.ts'

const Builder = lazy(() => import('./builder.tsx'))

/** A segment of the playbook, or a new one: its rule as conditions and as text, and how many it has. */
export default function SegmentPage() {
  const { segmentId } = useParams({ strict: false }) as { segmentId?: string }
  const list = useAsk(endpoints.list, {})
  const [asked] = useUrlState('rule')
  if (segmentId === undefined) return <Editor key="new" id={null} saved={asked} />
  if (list.error && !list.data)
    return (
      <Page title={t('title')} sentence={t('sentence')}>
        <Failed failure={list.error} onAgain={() => void list.refetch()} />
      </Page>
    )
  const segment = list.data?.segments.find(({ id }) => id === segmentId)
  if (list.data && !segment)
    return (
      <Page title={t('notThere')} sentence={t('notThereSentence', { id: segmentId })}>
        <div>
          <Button component={Link} to="/know/segments">
            {t('toList')}
          </Button>
        </div>
      </Page>
    )
  if (!segment)
    return (
      <Page title={segmentId} sentence={t('segmentSentence')}>
        <RowsComing rows={8} />
      </Page>
    )
  return (
    <Editor
      key={`${segmentId} ${segment.rule}`}
      id={segmentId}
      saved={segment.rule}
      title={segment.title}
      meaning={segment.meaning}
      strategy={segment.strategy}
      group={segment.group}
    />
  )
}

function Editor({
  id,
  saved,
  title,
  meaning,
  strategy,
  group = null,
}: {
  id: string | null
  saved: string
  title?: string
  meaning?: string | null
  strategy?: string | null
  group?: string | null
}) {
  const may = useMay()
  const [text, setText] = useKeptText(id ?? 'new', saved)
  const [saving, setSaving] = useState(false)
  const [savedText, setSavedText] = useState(saved)
  const catalogue = useAsk(endpoints.catalogue, {}, { enabled: may('know.attributes:read'), staleTime: 300_000 })
  const segments = useAsk(endpoints.list, {})
  const mayCount = may('know.segments:count')
  const mayDraft = may('trust.playbook:draft') && may('trust.playbook:read')
  const document = useAsk(
    endpoints.document,
    { params: { kind: 'segment', id: id ?? '' } },
    { enabled: id !== null && mayDraft },
  )
  const attributes = useMemo(() => catalogue.data?.attributes ?? [], [catalogue.data])
  const types = useMemo(() => new Map(attributes.map((one) => [one.id, one.type as string])), [attributes])
  const { tree, change } = useTree(text, setText, types)
  const changed = text !== savedText
  // A draft of it may be saved: what runs is still the rule that it came with.
  const segment = id !== null && text === saved ? id : null
  const { counted, counting } = useLiveCount(mayCount ? text : '', segment)
  useKeptUntilSaved(changed)
  const errors: Misplaced[] =
    counted?.refusal?.code === 'rule_refused' && counted.of === text
      ? [{ message: withoutPlace(counted.refusal.message), at: counted.refusal.facts.at as number }]
      : []
  return (
    <Page
      title={title ?? t('newTitle')}
      sentence={[meaning, id === null ? t('newSentence') : mayDraft ? t('segmentSentence') : null]
        .filter(Boolean)
        .join('. ')}
      action={
        mayDraft ? (
          <Button
            disabled={text.trim() === '' || errors.length > 0 || (id !== null && !changed)}
            onClick={() => setSaving(true)}
          >
            {t('save')}
          </Button>
        ) : undefined
      }
    >
      {strategy || group || changed ? (
        <div className="know-segment-marks">
          {strategy ? <Pill icon="segment">{STRATEGIES[strategy] ?? strategy}</Pill> : null}
          {group ? <span className="ui-quiet">{t('inGroup', { group: humanised(group) })}</span> : null}
          {changed && id !== null ? (
            <>
              <Pill tone="info">{t('changed')}</Pill>
              <Button
                variant="subtle"
                size="compact-sm"
                leftSection={<Icon name="undo" />}
                onClick={() => setText(savedText)}
              >
                {t('back')}
              </Button>
            </>
          ) : null}
        </div>
      ) : null}
      {mayCount ? (
        <LiveCount
          counted={counted}
          counting={counting}
          attributes={attributes}
          grouped={id !== null && segment === null && group !== null}
          to={segment !== null && may('know.segments:list') ? `/know/segments/${segment}/members` : null}
        />
      ) : null}
      <div className="know-rule">
        {may('know.attributes:read') ? (
          <Panel title={t('builder')}>
            {text.trim() !== '' && catalogue.data && tree === undefined ? (
              <div className="know-text-only">
                <Icon name="info" className="ui-info" />
                <div>
                  <strong>{errors.length > 0 ? t('unread') : t('textOnly')}</strong>
                  <p className="ui-quiet">{errors.length > 0 ? t('unreadSays') : t('textOnlySays')}</p>
                </div>
              </div>
            ) : catalogue.data && attributes.length === 0 ? (
              <Empty
                icon="attribute"
                title={t('noAttributes')}
                sentence={t('noAttributesSay')}
                action={<Link to="/trust/playbook">{t('toPlaybook')}</Link>}
              />
            ) : tree && catalogue.data ? (
              <Suspense fallback={<RowsComing rows={3} />}>
                <Builder tree={tree} attributes={attributes} readOnly={!mayCount} onChange={change} />
                {tree.rules.length === 0 ? <p className="ui-quiet know-line">{t('everybody')}</p> : null}
              </Suspense>
            ) : catalogue.error ? (
              <Failed failure={catalogue.error} onAgain={() => void catalogue.refetch()} />
            ) : (
              <RowsComing rows={3} />
            )}
          </Panel>
        ) : null}
        <Panel>
          <Expression
            label={t('expression')}
            description={t('expressionSays')}
            value={text}
            onChange={setText}
            errors={errors}
            rows={8}
            readOnly={!mayCount}
          />
        </Panel>
      </div>
      {mayCount ? <Anatomy rule={text} counted={counted} id={segment} /> : null}
      <div className="know-rule">
        {mayCount ? <Sample rule={text} counted={counted} attributes={attributes} id={segment} /> : null}
        {id === null ? null : <Uses id={id} />}
      </div>
      {saving ? (
        <Save
          segment={id === null ? null : ((document.data?.document as SegmentFields | undefined) ?? null)}
          rule={text}
          taken={new Set(segments.data?.segments.map((one) => one.id))}
          onClose={() => setSaving(false)}
          onSaved={() => {
            setSavedText(text)
            sessionStorage.removeItem(`clientele.segment.${id ?? 'new'}`)
          }}
        />
      ) : null}
    </Page>
  )
}

/** The builder's own tree beside the text: changed by hand, it writes the text; a text typed by hand is read anew. */
function useTree(text: string, setText: (text: string) => void, types: ReadonlyMap<string, string>) {
  const typeOf = useMemo(() => (field: string) => types.get(field), [types])
  const [kept, setKept] = useState<{ of: string; tree: Group } | null>(null)
  const read = useMemo(
    () => (types.size === 0 ? undefined : text.trim() === '' ? EMPTY : treeOf(text, typeOf)),
    [text, types, typeOf],
  )
  const tree = kept && kept.of === text ? kept.tree : read
  const change = (next: Group): void => {
    const before = tree ? expressionOf(tree, typeOf) : ''
    const after = expressionOf(next, typeOf)
    // The builder tells of its own bookkeeping too: a rule that says the same keeps the words in which it was written.
    const words = after === before ? text : after
    setKept({ of: words, tree: next })
    if (words !== text) setText(words)
  }
  return { tree, change }
}

/** The place is told by the field itself, which leads there. */
const withoutPlace = (message: string): string => message.replace(/^Line \d+, column \d+: /, '')

const EMPTY: Group = { combinator: 'and', rules: [] }

/** Asks before a changed rule is left by closing the window. */
function useKeptUntilSaved(changed: boolean): void {
  useEffect(() => {
    if (!changed) return
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [changed])
}

/**
 * A rule that is being written, kept in this window until it is saved or taken back: neither another page, nor a lost
 * connection, nor an ended session loses it.
 */
function useKeptText(of: string, saved: string): [string, (text: string) => void] {
  const key = `clientele.segment.${of}`
  const [text, setText] = useState(() => {
    const kept = sessionStorage.getItem(key)
    const asked = of === 'new' && saved !== ''
    return kept === null || asked ? saved : kept
  })
  const write = (next: string): void => {
    setText(next)
    if (next === saved) sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, next)
  }
  return [text, write]
}
