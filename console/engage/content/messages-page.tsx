import { Button, Group, SegmentedControl, Select, Stack, Switch, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { Made, Treatment } from '#engage/content/contract'
import { useAsk } from '../../shell/api.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { number } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Facts } from '../../ui/inspector.tsx'
import { Figure, Page } from '../../ui/page.tsx'
import { Empty, Shown } from '../../ui/state.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { None, Value } from '../../ui/values.tsx'
import './content.css'
import * as endpoints from './endpoints.ts'
import { ClassPill, classSays, Findings, Found, languageName } from './finding.tsx'
import { MADE, Preview } from './preview.tsx'
import { t } from './words.ts'

const columns: Column<Treatment>[] = [
  { id: 'title', title: t('message'), value: ({ title }) => title, width: 'minmax(160px, 2fr)' },
  { id: 'action', title: t('action'), value: ({ actionTitle }) => actionTitle, narrow: false },
  { id: 'channel', title: t('channel'), value: ({ channelTitle }) => channelTitle, width: 150, narrow: false },
  {
    id: 'class',
    title: t('class'),
    value: (one) => one.class,
    show: (one) => <ClassPill of={one.class} />,
    width: 120,
    narrow: false,
  },
  { id: 'languages', title: t('languages'), value: ({ languages }) => languages.join(' '), width: 100, narrow: false },
  {
    id: 'length',
    title: t('length'),
    value: ({ characters }) => characters,
    show: ({ characters, charactersMax, parts }) => (
      <span className="ui-nowrap">
        {charactersMax === null ? number(characters) : t('lengthOf', { used: characters, max: charactersMax })}
        {parts === null ? '' : ` · ${t('parts', { count: parts })}`}
      </span>
    ),
    width: 170,
    align: 'end',
    narrow: false,
  },
  {
    id: 'findings',
    title: t('findings'),
    value: ({ findings }) => findings.length,
    show: (one) => <Found of={one} />,
    width: 150,
  },
]

/** Who reads, and in which language: the same for every message on the page. */
function Reading({
  languages,
  made,
  onMade,
  language,
  onLanguage,
}: {
  languages: readonly string[]
  made: Made
  onMade: (next: Made) => void
  language: string
  onLanguage: (next: string) => void
}) {
  return (
    <Group gap={8}>
      <Select
        aria-label={t('readBy')}
        w={220}
        data={MADE.map((value) => ({ value, label: t(value) }))}
        value={made}
        onChange={(next) => onMade((next ?? 'typical') as Made)}
        allowDeselect={false}
      />
      {languages.length > 1 ? (
        <SegmentedControl
          aria-label={t('language')}
          value={language}
          onChange={onLanguage}
          data={languages.map((code) => ({ value: code, label: code.toUpperCase() }))}
        />
      ) : null}
    </Group>
  )
}

/** Every word of the filter is in its title, its action or its channel. */
const holds = (text: string): ((one: Treatment) => boolean) => {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean)
  return ({ title, actionTitle, channelTitle }) => {
    const found = `${title} ${actionTitle} ${channelTitle}`.toLowerCase()
    return wanted.every((word) => found.includes(word))
  }
}

const CARDS = 24

/** Messages beside each other as they are read. */
function Cards({
  rows,
  made,
  language,
  revision,
}: {
  rows: readonly Treatment[]
  made: Made
  language: string
  revision: string
}) {
  const [most, setMost] = useState(CARDS)
  if (rows.length === 0) return <Empty icon="filter" title={t('noneTitle')} sentence={t('noneSentence')} />
  return (
    <>
      <div className="messages">
        {rows.slice(0, most).map((one) => (
          <article key={one.treatment} className="message">
            <header>
              <h2>
                <Link to={`/engage/content/${one.treatment}`}>{one.title}</Link>
              </h2>
              <ClassPill of={one.class} />
            </header>
            <Preview of={one} made={made} language={language} revision={revision} />
            {one.findings.length > 0 ? (
              <footer>
                <Found of={one} />
              </footer>
            ) : null}
          </article>
        ))}
      </div>
      {rows.length > most ? (
        <Group gap={12}>
          <Button variant="default" onClick={() => setMost(most + CARDS)}>
            {t('moreToRead')}
          </Button>
          <span className="ui-quiet">{t('ofThem', { shown: most, all: rows.length })}</span>
        </Group>
      ) : null}
    </>
  )
}

/** Every text the bank may say, as its customers read it. For campaign managers and product owners. */
export default function MessagesPage() {
  const found = useAsk(endpoints.treatments, {}, { staleTime: 60_000 })
  const [as, setAs] = useUrlState('as', 'list', { opens: true })
  const [channel, setChannel] = useUrlState('channel')
  const [kind, setKind] = useUrlState('class')
  const [findings, setFindings] = useUrlState('findings')
  const [text, setText] = useUrlState('q')
  const [made, setMade] = useUrlState('by', 'typical')
  const [chosen, setLanguage] = useUrlState('language')
  const all = found.data?.treatments
  const languages = useMemo(() => [...new Set((all ?? []).flatMap((one) => one.languages))].sort(), [all])
  const language = chosen || (languages.includes('en') ? 'en' : (languages[0] ?? 'en'))
  const channels = useMemo(
    () =>
      [...new Map((all ?? []).map((one) => [one.channel, one.channelTitle]))].map(([value, label]) => ({
        value,
        label,
      })),
    [all],
  )
  const classes = [...new Set((all ?? []).map((one) => one.class))].sort()
  const rows = all?.filter(
    (one) =>
      (channel === '' || one.channel === channel) &&
      (kind === '' || one.class === kind) &&
      (findings === '' || one.findings.length > 0),
  )
  const reading = (
    <Reading languages={languages} made={made as Made} onMade={setMade} language={language} onLanguage={setLanguage} />
  )
  const choose = (
    label: string,
    every: string,
    value: string,
    set: (next: string) => void,
    data: { value: string; label: string }[],
  ) => (
    <Select
      aria-label={label}
      w={180}
      data={[{ value: '', label: every }, ...data]}
      value={value}
      onChange={(next) => set(next ?? '')}
      allowDeselect={false}
    />
  )
  const filters = (
    <>
      {choose(t('channel'), t('allChannels'), channel, setChannel, channels)}
      {choose(
        t('class'),
        t('allClasses'),
        kind,
        setKind,
        classes.map((value) => ({ value, label: value })),
      )}
      <Switch
        label={t('onlyFindings')}
        checked={findings !== ''}
        onChange={(event) => setFindings(event.currentTarget.checked ? 'yes' : '')}
      />
    </>
  )
  const withFindings = all?.filter((one) => one.findings.length > 0).length
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      figures={
        <>
          <Figure
            title={t('figAll')}
            value={<Value value={all?.length} />}
            foot={all ? t('figAllFoot', { count: channels.length }) : null}
          />
          <Figure
            title={t('figMarketing')}
            value={<Value value={all?.filter((one) => one.class === 'marketing').length} />}
            foot={t('figMarketingFoot')}
            to="/engage/content?class=marketing"
          />
          <Figure
            title={t('figFindings')}
            value={<Value value={withFindings} />}
            foot={t('figFindingsFoot')}
            to="/engage/content?findings=yes"
          />
          <Figure
            title={t('figLanguages')}
            value={<Value value={all && languages.length} />}
            foot={languages.map(languageName).join(', ')}
          />
        </>
      }
    >
      <SegmentedControl
        aria-label={t('asWhat')}
        value={as}
        onChange={setAs}
        data={[
          { value: 'list', label: t('asList') },
          { value: 'read', label: t('asRead') },
        ]}
        style={{ alignSelf: 'flex-start' }}
      />
      {as === 'read' && (all === undefined || all.length > 0) ? (
        <Stack gap={16}>
          <Group gap={8}>
            <TextInput
              type="search"
              aria-label={t('filter')}
              placeholder={t('filter')}
              leftSection={<Icon name="filter" />}
              value={text}
              maxLength={200}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            {filters}
            {reading}
          </Group>
          <p className="ui-quiet message-note">{t('madeUp')}</p>
          <Shown of={found}>
            {({ revision }) => (
              <Cards
                key={`${channel} ${kind} ${findings} ${text}`}
                rows={(rows ?? []).filter(holds(text))}
                made={made as Made}
                language={language}
                revision={revision}
              />
            )}
          </Shown>
        </Stack>
      ) : (
        <DataTable
          name="messages"
          title={t('title')}
          columns={columns}
          rows={rows}
          rowId={({ treatment }) => treatment}
          error={found.error}
          onAgain={() => void found.refetch()}
          filters={filters}
          inspect={(one) => (
            <Stack gap={16}>
              {reading}
              <Preview of={one} made={made as Made} language={language} revision={found.data?.revision ?? ''} />
              {one.findings.length > 0 ? <Findings of={one} /> : null}
              <p className="message-note">
                <ClassPill of={one.class} /> {classSays(one)}
              </p>
              <Facts
                facts={[
                  [t('channel'), one.channelTitle],
                  [t('languages'), one.languages.map(languageName).join(', ')],
                  [t('variables'), one.variables.join(', ') || <None key="variables" />],
                  [t('offer'), one.offer ?? <None key="offer" />],
                  [t('template'), one.template ?? <None key="template" />],
                ]}
              />
              <Group gap={16}>
                <Link to={`/engage/content/${one.treatment}`}>{t('openMessage')}</Link>
                <Link to={`/decide/propositions/actions/${one.action}`}>{t('toAction')}</Link>
              </Group>
            </Stack>
          )}
          inspectTitle={({ title }) => title}
          sortedBy="title"
          empty={
            all && all.length > 0
              ? { title: t('noneTitle'), sentence: t('noneSentence') }
              : { title: t('emptyTitle'), sentence: t('emptySentence'), action: <ToPlaybook /> }
          }
        />
      )}
    </Page>
  )
}

const ToPlaybook = () => (
  <Button variant="default" renderRoot={(props) => <Link {...props} to={'/trust/playbook' as never} />}>
    {t('toPlaybook')}
  </Button>
)
