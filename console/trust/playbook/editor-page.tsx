import { Button, Group, SegmentedControl, Textarea } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { call, isRefusal, useAsk, useTell } from '../../shell/api.ts'
import { useSession } from '../../shell/session.tsx'
import { useNames } from '../../shell/who.tsx'
import { Diff } from '../../ui/diff.tsx'
import { ago } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Page, Panel } from '../../ui/page.tsx'
import { Failed, RowsComing, Shown } from '../../ui/state.tsx'
import { done, failed } from '../../ui/toast.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { Findings } from './checks.tsx'
import { isOpen, whichOf } from './draft.tsx'
import * as endpoints from './endpoints.ts'
import { useKept } from './kept.ts'
import { begunWith, type Document, Meanwhile } from './meanwhile.tsx'
import './playbook.css'
import { t } from './words.ts'

const DocumentForm = lazy(() => import('./form.tsx').then((found) => ({ default: found.DocumentForm })))

/** What the document is called, read from its text: nobody needs the rest of it for a heading. */
const titleOf = (document: Document): string =>
  /^title:\s*(['"]?)(.*?)\1\s*(?:#.*)?$/m.exec(begunWith(document))?.[2] || whichOf(document)

/** What the checks say of the text as it stands, with the draft's other documents beside it. */
function useFindings(text: string, draftId: string, own: string) {
  const [asked] = useDebouncedValue(text, 400)
  const others = useAsk(endpoints.draftDocuments, { params: { draftId } })
  const [otherTexts, setOtherTexts] = useState<string[]>([])
  const names = (others.data?.documents ?? [])
    .filter(({ kind, id, change }) => change === 'written' && `${kind}/${id}` !== own)
    .slice(0, 40)
    .map(({ kind, id }) => `${kind}/${id}`)
    .join(',')
  useEffect(() => {
    let gone = false
    void Promise.all(
      names
        .split(',')
        .filter(Boolean)
        .map(async (name) => {
          const [kind, id] = name.split('/') as [string, string]
          return (await call(endpoints.draftDocument, { params: { draftId, kind, id } })).draft?.text ?? ''
        }),
    ).then(
      (texts) => {
        if (!gone) setOtherTexts(texts.filter(Boolean))
      },
      () => {},
    )
    return () => {
      gone = true
    }
  }, [names, draftId])
  const check = useAsk(
    endpoints.check,
    { body: { documents: [asked || ' ', ...otherTexts] } },
    { enabled: asked.trim() !== '', staleTime: 60_000, keep: true },
  )
  return { check, isCurrent: asked === text && !check.isFetching }
}

/** Writes one document in a draft; `found` is what the draft held when the page was opened. */
function Editor({ found, draftId, editable }: { found: Document; draftId: string; editable: boolean }) {
  const { me } = useSession()
  const navigate = useNavigate()
  const { kind, id } = found
  const kept = useKept(me.id, draftId, kind, id)
  const restored = editable && kept.first && kept.first.text !== begunWith(found) ? kept.first : null
  const [text, setText] = useState(restored?.text ?? begunWith(found))
  const [over, setOver] = useState(restored?.over ?? found.version)
  const [saved, setSaved] = useState(begunWith(found))
  const [isRestored, setRestored] = useState(restored !== null)
  const [theirs, setTheirs] = useState<Document | null>(null)
  const [way, setWay] = useUrlState('way', 'form')
  const area = useRef<HTMLTextAreaElement>(null)
  const schema = useAsk(endpoints.kind, { params: { kind } }, { staleTime: 600_000 })
  const { check, isCurrent } = useFindings(text, draftId, `${kind}/${id}`)
  const findings = (check.data?.findings ?? []).filter((finding) => finding.kind === kind && finding.id === id)
  const all = check.data?.findings ?? []
  const errors = all.filter(({ severity }) => severity === 'error').length
  const write = useTell(endpoints.write, {
    stale: [endpoints.review, endpoints.draftDocuments, endpoints.drafts],
  })
  const nameOf = useNames(found.elsewhere.map(({ changedBy }) => changedBy))
  const isDirty = text !== saved
  // Nobody is told of mistakes in what they have not begun to write.
  const isUntouched = !isDirty && found.draft === null && found.running === null && saved === begunWith(found)
  const latest = useRef(text)
  latest.current = text
  const edit = (next: string): void => {
    setText(next)
    if (next === saved) kept.forget()
    else kept.keep(next, over)
  }
  const discard = (): void => {
    setText(saved)
    setOver(found.version)
    setRestored(false)
    kept.forget()
    done(t('discarded'))
  }
  const read = () => call(endpoints.draftDocument, { params: { draftId, kind, id } })
  const isSaved = (sent: string, version: string): void => {
    // What was typed while it was being saved is not saved yet.
    if (latest.current === sent) kept.forget()
    else kept.keep(latest.current, version)
    setSaved(sent)
    setRestored(false)
    setTheirs(null)
    setOver(version)
    done(t('saved'))
  }
  const save = async (version: string): Promise<void> => {
    try {
      await write.mutateAsync({ params: { draftId }, body: { changes: [{ kind, id, text, over: version }] } })
      isSaved(text, (await read()).version)
    } catch (error) {
      if (!isRefusal(error) || error.code !== 'document_changed_by_another') return failed(error)
      const there = await read().catch(failed)
      if (!there) return
      // It had been saved, and the answer got lost on its way.
      if (there.draft?.text === text) isSaved(text, there.version)
      else setTheirs(there)
    }
  }
  const isRemoved = (): void => {
    kept.forget()
    done(t('removedToast', { what: whichOf(found) }))
    void navigate({ to: `/trust/playbook/drafts/${draftId}` })
  }
  const remove = async (): Promise<void> => {
    try {
      await write.mutateAsync({ params: { draftId }, body: { changes: [{ kind, id, over }] } })
      isRemoved()
    } catch (error) {
      if (!isRefusal(error) || error.code !== 'document_changed_by_another') return failed(error)
      const there = await read().catch(failed)
      if (!there) return
      if (there.draft?.text === null) isRemoved()
      else setTheirs(there)
    }
  }
  const goTo = (line: number): void => {
    setWay('text')
    setTimeout(() => {
      const element = area.current
      if (!element) return
      const lines = text.split('\n')
      const from = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0)
      element.focus()
      element.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0))
      element.scrollTop = Math.max(0, (line - 6) * 20)
    }, 60)
  }
  useEffect(() => {
    if (!isDirty) return
    const onKey = (event: KeyboardEvent): void => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 's') {
        event.preventDefault()
        void save(over)
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
  return (
    <>
      {theirs ? (
        <Meanwhile
          theirs={theirs}
          mine={text}
          onKeepMine={() => void save(theirs.version)}
          onTakeTheirs={() => {
            setText(begunWith(theirs))
            setSaved(begunWith(theirs))
            setOver(theirs.version)
            kept.forget()
            setTheirs(null)
          }}
          onGoOn={() => {
            setSaved(begunWith(theirs))
            setOver(theirs.version)
            kept.keep(text, theirs.version)
            setTheirs(null)
          }}
        />
      ) : null}
      {isRestored && restored ? (
        <div className="playbook-notice" role="status">
          <Icon name="info" className="ui-info" />
          <span>{t('restored', { ago: ago(new Date(restored.at)) })}</span>
          <Button size="xs" variant="default" onClick={discard}>
            {t('discard')}
          </Button>
        </div>
      ) : null}
      {found.elsewhere.length > 0 ? (
        <div className="playbook-notice">
          <Icon name="warn" className="ui-warn" />
          <span>{t('elsewhere', { count: found.elsewhere.length })}</span>
          {found.elsewhere.slice(0, 3).map((other) => (
            <Link key={other.draftId} to={`/trust/playbook/drafts/${other.draftId}`}>
              {t('elsewhereOne', {
                title: other.title,
                who: nameOf(other.changedBy),
                ago: ago(new Date(other.changedAt)),
              })}
            </Link>
          ))}
        </div>
      ) : null}
      <div className="playbook-two">
        <div>
          <Panel
            title={t('whatItSays')}
            aside={
              <SegmentedControl
                size="xs"
                aria-label={t('way')}
                value={way}
                onChange={setWay}
                data={[
                  { value: 'form', label: t('form') },
                  { value: 'text', label: t('text') },
                ]}
              />
            }
          >
            <fieldset disabled={!editable} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
              {way === 'form' ? (
                <Shown of={schema}>
                  {(data) => (
                    <Suspense fallback={<RowsComing />}>
                      <DocumentForm
                        schema={data.schema}
                        text={text}
                        findings={isUntouched ? [] : findings}
                        onChange={edit}
                        onText={goTo}
                      />
                    </Suspense>
                  )}
                </Shown>
              ) : (
                <Textarea
                  ref={area}
                  className="playbook-editor"
                  label={t('textLabel')}
                  value={text}
                  onChange={(event) => edit(event.currentTarget.value)}
                  autosize
                  minRows={16}
                  maxRows={34}
                  spellCheck={false}
                  autoCapitalize="off"
                />
              )}
            </fieldset>
          </Panel>
          {editable ? (
            <Group gap={8} className="playbook-save">
              <Button disabled={!isDirty} loading={write.isPending} onClick={() => void save(over)}>
                {t('save')}
              </Button>
              <Button variant="default" component={Link} to={`/trust/playbook/drafts/${draftId}`}>
                {t('backToDraft')}
              </Button>
              {found.running ? (
                <Button variant="subtle" color="gray" onClick={() => void remove()}>
                  {t('removeDocument')}
                </Button>
              ) : null}
              <span className="ui-quiet" role="status">
                {isDirty ? t('unsaved') : isUntouched ? t('untouched') : t('clean')}
              </span>
            </Group>
          ) : (
            <p className="ui-quiet">{t('readOnly')}</p>
          )}
        </div>
        <div>
          <Panel title={t('findingsTitle')}>
            <div role="status" className="playbook-panel">
              {isUntouched ? (
                <p className="ui-quiet">{t('checksBegin')}</p>
              ) : check.error ? (
                <p className="ui-bad">{check.error.message}</p>
              ) : !isCurrent && all.length === 0 ? (
                <p className="ui-quiet">{t('checking')}</p>
              ) : all.length === 0 ? (
                <p>
                  <Icon name="good" className="ui-good" /> {t('fine')}
                </p>
              ) : (
                <>
                  <p>
                    {[
                      errors > 0 ? t('errors', { count: errors }) : t('noErrors'),
                      all.length > errors ? t('warnings', { count: all.length - errors }) : '',
                    ]
                      .filter(Boolean)
                      .join(', ')}
                  </p>
                  <Findings findings={all} onGo={goTo} />
                </>
              )}
            </div>
          </Panel>
          <Panel title={t('difference')}>
            {text === (found.running?.text ?? '') ? (
              <p className="ui-quiet">{t('noDifference')}</p>
            ) : (
              <Diff before={found.running?.text ?? ''} after={text} title={t('linesThatDiffer')} />
            )}
          </Panel>
        </div>
      </div>
    </>
  )
}

/** One document in a draft: as a form or as text, what is wrong with it, and what it changes. */
export default function EditorPage() {
  const { may } = useSession()
  const { draftId, kind, id } = useParams({ strict: false }) as { draftId: string; kind: string; id: string }
  // What stood here when the page was opened stays under the writer's hands: it is not read anew while they write.
  const document = useAsk(endpoints.draftDocument, { params: { draftId, kind, id } }, {
    staleTime: 0,
    refetchOnWindowFocus: false,
  } as never)
  const drafts = useAsk(endpoints.drafts, { query: { limit: 500 } })
  const draft = drafts.data?.drafts.find((each) => each.draftId === draftId)
  const failure = document.error ?? drafts.error
  return (
    <Page
      title={document.data ? titleOf(document.data) : whichOf({ kind, id })}
      sentence={t('editSentence', { which: whichOf({ kind, id }), title: draft?.title ?? '' })}
    >
      {document.data && document.isFetchedAfterMount && draft ? (
        <Editor
          key={`${draftId}/${kind}/${id}`}
          found={document.data}
          draftId={draftId}
          editable={isOpen(draft) && may('trust.playbook:draft')}
        />
      ) : failure ? (
        <Failed failure={failure} onAgain={() => void Promise.all([document.refetch(), drafts.refetch()])} />
      ) : (
        <RowsComing />
      )}
    </Page>
  )
}
