import { Button, Group } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import type { Treatment } from '#engage/content/contract'
import { useAsk } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { number } from '../../ui/format.ts'
import { Figure, Page, Panel } from '../../ui/page.tsx'
import { Empty, Shown } from '../../ui/state.tsx'
import { None, Value } from '../../ui/values.tsx'
import './content.css'
import * as endpoints from './endpoints.ts'
import { ClassPill, classSays, Findings, languageName } from './finding.tsx'
import { MADE, Preview } from './preview.tsx'
import { readable, t } from './words.ts'

function One({ of, revision }: { of: Treatment; revision: string }) {
  const may = useMay()
  return (
    <Page
      title={of.title}
      sentence={t('messageSentence', { action: of.actionTitle, channel: of.channelTitle })}
      action={
        may('trust.playbook:draft') ? (
          <Button
            variant="default"
            renderRoot={(props) => (
              <Link {...props} to={`/trust/playbook/documents/treatment/${of.treatment}` as never} />
            )}
          >
            {t('edit')}
          </Button>
        ) : undefined
      }
      figures={
        <>
          <Figure title={t('class')} value={<ClassPill of={of.class} />} foot={classSays(of)} />
          <Figure
            title={t('length')}
            value={number(of.characters)}
            foot={[
              of.charactersMax === null ? '' : t('lengthOf', { used: of.characters, max: of.charactersMax }),
              of.parts === null ? '' : t('parts', { count: of.parts }),
            ]
              .filter(Boolean)
              .join(' · ')}
          />
          <Figure title={t('findings')} value={<Value value={of.findings.length} />} />
          <Figure
            title={t('variables')}
            value={<Value value={of.variables.length} />}
            foot={of.variables.map(readable).join(', ') || <None />}
          />
        </>
      }
    >
      <Group gap={16}>
        <Link to="/engage/content">{t('toAll')}</Link>
        <Link to={`/decide/propositions/actions/${of.action}`}>{t('toAction')}</Link>
        {of.template ? <Link to={`/trust/playbook/documents/template/${of.template}`}>{t('template')}</Link> : null}
        {of.offer ? <Link to={`/trust/playbook/documents/offer/${of.offer}`}>{t('offer')}</Link> : null}
      </Group>
      {of.findings.length > 0 ? (
        <Panel title={t('findingsTitle')}>
          <Findings of={of} />
        </Panel>
      ) : null}
      <p className="ui-quiet message-note">{t('madeUp')}</p>
      {of.languages.map((language) => (
        <section key={language} aria-label={languageName(language)}>
          <h2 className="message-language">{languageName(language)}</h2>
          <div className="messages">
            {MADE.map((made) => (
              <article key={made} className="message">
                <header>
                  <h3>{t(made)}</h3>
                </header>
                <Preview of={of} made={made} language={language} revision={revision} />
              </article>
            ))}
          </div>
        </section>
      ))}
    </Page>
  )
}

/** One message, in every language, as each made-up customer reads it. */
export default function MessagePage() {
  const { treatmentId = '' } = useParams({ strict: false }) as { treatmentId?: string }
  const found = useAsk(endpoints.treatments, {}, { staleTime: 60_000 })
  const one = found.data?.treatments.find(({ treatment }) => treatment === treatmentId)
  if (found.data && one) return <One key={treatmentId} of={one} revision={found.data.revision} />
  return (
    <Page title={found.data ? t('goneTitle') : readable(treatmentId)} sentence={t('sentence')}>
      <Shown of={found}>
        {() => (
          <Empty
            icon="message"
            title={t('goneTitle')}
            sentence={t('goneSentence', { treatment: treatmentId })}
            action={
              <Button variant="default" renderRoot={(props) => <Link {...props} to={'/engage/content' as never} />}>
                {t('toAll')}
              </Button>
            }
          />
        )}
      </Shown>
    </Page>
  )
}
