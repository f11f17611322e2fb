import { Button, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { useAsk } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { roleName } from '../../shell/words.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { now } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Figure, Page } from '../../ui/page.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { Pill } from '../../ui/values.tsx'
import { AddKey, AddPerson } from './add.tsx'
import * as endpoints from './endpoints.ts'
import { KeysTable, keyState } from './keys-table.tsx'
import { PersonDetails } from './person.tsx'
import { RolesTable } from './roles-table.tsx'
import { type PersonRow, scopeText } from './units.ts'
import { t } from './words.ts'

const SOON_MS = 30 * 86_400_000
const TABS = ['people', 'keys', 'roles'] as const

const columns: Column<PersonRow>[] = [
  { id: 'name', title: t('name'), value: ({ name }) => name, width: '2fr' },
  { id: 'login', title: t('login'), value: ({ login }) => login, narrow: false },
  { id: 'roles', title: t('role'), value: ({ roles }) => roles.map(roleName).join(', ') || t('noRole'), width: '2fr' },
  { id: 'scope', title: t('scope'), value: ({ units }) => scopeText(units), narrow: false },
  {
    id: 'state',
    title: t('state'),
    value: ({ closed }) => (closed ? t('closed') : t('open')),
    show: ({ closed }) => <Pill tone={closed ? 'quiet' : 'good'}>{closed ? t('closed') : t('open')}</Pill>,
    width: 110,
  },
]

/** Who may do what. For administrators, and for whoever checks them. */
export default function AccessPage() {
  const may = useMay()
  const [tab, setTab] = useUrlState('tab', 'people', { opens: true })
  const [adding, setAdding] = useState(false)
  const people = useAsk(endpoints.people, {})
  const keys = useAsk(endpoints.keys, {})
  const roles = useAsk(endpoints.roles, {})
  const all = people.data?.people
  const open = all?.filter(({ closed }) => !closed)
  const inUse = keys.data?.keys.filter((key) => keyState(key) === 'inUse')
  const ends = inUse?.filter(({ expiresAt }) => new Date(expiresAt).getTime() - now().getTime() < SOON_MS)
  const mayAdd = may('trust.access:manage') && tab !== 'roles'
  const add = (
    <Button leftSection={<Icon name="plus" />} onClick={() => setAdding(true)}>
      {tab === 'keys' ? t('addKey') : t('add')}
    </Button>
  )
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      action={mayAdd ? add : undefined}
      figures={
        <>
          <Figure
            title={t('mayIn')}
            value={open?.length ?? '–'}
            to="/trust/access"
            foot={all ? t('closedFoot', { count: all.length - (open?.length ?? 0) }) : null}
          />
          <Figure
            title={t('admins')}
            value={open?.filter((person) => person.roles.includes('administrator')).length ?? '–'}
            to="/trust/access?q=administrator"
            foot={t('adminsFoot')}
          />
          <Figure title={t('keysOpen')} value={inUse?.length ?? '–'} to="/trust/access?tab=keys" />
          <Figure title={t('keysEnd')} value={ends?.length ?? '–'} to="/trust/access?tab=keys&ksort=expires" />
        </>
      }
    >
      <SegmentedControl
        aria-label={t('view')}
        value={tab}
        onChange={setTab}
        data={TABS.map((each) => ({ value: each, label: t(each) }))}
        style={{ alignSelf: 'flex-start' }}
      />
      {tab === 'roles' ? (
        <RolesTable />
      ) : tab === 'keys' ? (
        <KeysTable action={mayAdd ? add : undefined} />
      ) : (
        <DataTable
          name="people"
          title={t('people')}
          columns={columns}
          rows={all}
          rowId={({ personId }) => personId}
          error={people.error}
          onAgain={() => void people.refetch()}
          inspect={(person) => (
            <PersonDetails
              key={person.personId}
              person={person}
              roles={(roles.data?.roles ?? []).map(({ role }) => role)}
            />
          )}
          inspectTitle={({ name }) => name}
          sortedBy="name"
          empty={{ title: t('emptyPeople'), sentence: t('emptyPeopleSays'), action: mayAdd ? add : undefined }}
        />
      )}
      {adding && tab === 'people' ? (
        <AddPerson roles={(roles.data?.roles ?? []).map(({ role }) => role)} onClose={() => setAdding(false)} />
      ) : null}
      {adding && tab === 'keys' ? (
        <AddKey
          permissions={[
            ...new Set([
              ...(roles.data?.roles ?? []).flatMap(({ permissions }) => permissions),
              ...(roles.data?.systemsOnly ?? []),
            ]),
          ].sort()}
          onClose={() => setAdding(false)}
        />
      ) : null}
    </Page>
  )
}
