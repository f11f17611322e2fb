import { Button } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useAsk } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { Who } from '../../shell/who.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Page, Panel } from '../../ui/page.tsx'
import { Shown } from '../../ui/state.tsx'
import { humanised } from '../../ui/typed-value.tsx'
import { When } from '../../ui/values.tsx'
import { BeginDraft } from './begin.tsx'
import { ChangePill, Fields, whichOf } from './draft.tsx'
import * as endpoints from './endpoints.ts'
import './playbook.css'
import { t } from './words.ts'

/** One document as it runs: what it says, who names it, every version that ran. */
export default function DocumentPage() {
  const may = useMay()
  const params = useParams({ strict: false }) as { kind: string; id: string }
  const [beginning, setBeginning] = useState(false)
  const document = useAsk(endpoints.document, { params, query: {} })
  const uses = useAsk(endpoints.uses, { params })
  const history = useAsk(endpoints.documentHistory, { params })
  const title = document.data ? String(document.data.document.title) : whichOf(params)
  return (
    <Page
      title={title}
      sentence={`${whichOf(params)}. ${t('documentPage')}`}
      action={
        may('trust.playbook:draft') ? (
          <Button leftSection={<Icon name="playbook" />} onClick={() => setBeginning(true)}>
            {t('changeThis')}
          </Button>
        ) : undefined
      }
    >
      <div className="playbook-two">
        <div>
          <Panel title={t('asWritten')}>
            <Shown of={document}>
              {({ text }) => (
                <section
                  className="playbook-raw"
                  style={{ maxHeight: 560 }}
                  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
                  tabIndex={0}
                  aria-label={whichOf(params)}
                >
                  <pre className="ui-mono">{text}</pre>
                </section>
              )}
            </Shown>
          </Panel>
        </div>
        <div>
          <Panel title={t('usedBy')}>
            <Shown of={uses}>
              {({ uses: found }) =>
                found.length === 0 ? (
                  <p className="ui-quiet">{t('notUsed')}</p>
                ) : (
                  <ul className="playbook-rows">
                    {found.slice(0, 40).map(({ kind, id, title: name, depth }) => (
                      <li key={`${kind}/${id}`} style={{ paddingInlineStart: (depth - 1) * 16 }}>
                        <Link to={`/trust/playbook/documents/${kind}/${id}`}>
                          <bdi>{name}</bdi>
                        </Link>
                        <span className="ui-quiet">{humanised(kind)}</span>
                      </li>
                    ))}
                  </ul>
                )
              }
            </Shown>
          </Panel>
          <Panel title={t('versions')}>
            <Shown of={history}>
              {({ versions }) => (
                <ul className="playbook-changes">
                  {versions.slice(0, 30).map((version) => (
                    <li key={version.sequence}>
                      <div className="playbook-change-head">
                        <ChangePill change={version.change} />
                        <Link to={`/trust/playbook?tab=history&hrow=${version.sequence}`}>
                          {t('revision', { sequence: version.sequence })}
                        </Link>
                        <span className="ui-quiet">
                          <Who id={(version.madeBy ?? version.activatedBy).id} />,
                          <When at={version.activatedAt} />
                        </span>
                      </div>
                      {version.reason ? <bdi>{version.reason}</bdi> : null}
                      <Fields fields={version.fields.slice(0, 12)} />
                    </li>
                  ))}
                </ul>
              )}
            </Shown>
          </Panel>
        </div>
      </div>
      {beginning ? (
        <BeginDraft title={t('newDraftWith', { title })} document={params} onClose={() => setBeginning(false)} />
      ) : null}
    </Page>
  )
}
