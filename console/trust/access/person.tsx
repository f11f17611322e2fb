import { Button, Group, MultiSelect, Stack, Textarea, Title } from '@mantine/core'
import { useState } from 'react'
import { useAsk, useTell } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { roleName } from '../../shell/words.ts'
import { PlainTable } from '../../ui/chart.tsx'
import { ConfirmTyped } from '../../ui/confirm.tsx'
import { Facts } from '../../ui/inspector.tsx'
import { Once } from '../../ui/once.tsx'
import { Shown } from '../../ui/state.tsx'
import { done, failed } from '../../ui/toast.tsx'
import { Pill, When } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import { type PersonRow, readUnits, scopeText, unitsText } from './units.ts'
import { t } from './words.ts'

function Sessions({ personId }: { personId: string }) {
  const sessions = useAsk(endpoints.sessions, { params: { personId } })
  return (
    <Shown of={sessions}>
      {({ sessions: found }) =>
        found.length === 0 ? (
          <p className="ui-quiet">{t('noSessions')}</p>
        ) : (
          <PlainTable
            title={t('sessions')}
            columns={[t('begun'), t('seen'), t('ended')]}
            rows={found
              .slice(0, 20)
              .map(({ begunAt, seenAt, endedAt, expiresAt }) => [
                <When key="begun" at={begunAt} />,
                <When key="seen" at={seenAt} as="ago" />,
                endedAt ? (
                  <When key="ended" at={endedAt} />
                ) : (
                  t(expiresAt > new Date().toISOString() ? 'sessionOpen' : 'expired')
                ),
              ])}
            maxHeight={240}
          />
        )
      }
    </Shown>
  )
}

/** One person: roles, customers, sessions, and what an administrator may do about them. */
export function PersonDetails({ person, roles }: { person: PersonRow; roles: readonly string[] }) {
  const may = useMay()
  const mayManage = may('trust.access:manage') && !person.closed
  const { personId, name } = person
  const params = { personId }
  const [chosen, setChosen] = useState(person.roles)
  const [units, setUnits] = useState(unitsText(person.units, '\n'))
  const [unitsError, setUnitsError] = useState<string | null>(null)
  const [asking, setAsking] = useState<'password' | 'sessions' | 'close' | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const stale = [endpoints.people]
  const setRoles = useTell(endpoints.setRoles, { stale })
  const saveUnits = useTell(endpoints.setUnits, { stale })
  const newPassword = useTell(endpoints.newPassword, { stale: [endpoints.sessions] })
  const endSessions = useTell(endpoints.endSessions, { stale: [endpoints.sessions] })
  const close = useTell(endpoints.closePerson, { stale })
  const save = async (): Promise<void> => {
    const read = readUnits(units)
    if ('error' in read) return setUnitsError(read.error)
    setUnitsError(null)
    try {
      await setRoles.mutateAsync({ params, body: { roles: chosen } })
      await saveUnits.mutateAsync({ params, body: { units: read.units } })
      done(t('saved'), async () => {
        await setRoles.mutateAsync({ params, body: { roles: person.roles } })
        await saveUnits.mutateAsync({ params, body: { units: person.units } })
        setChosen(person.roles)
        setUnits(unitsText(person.units, '\n'))
        done(t('undone'))
      })
    } catch (error) {
      failed(error)
    }
  }
  const changed =
    [...chosen].sort().join() !== [...person.roles].sort().join() || units !== unitsText(person.units, '\n')
  return (
    <Stack gap={16}>
      <Facts
        facts={[
          [t('login'), person.login],
          [
            t('state'),
            <Pill key="state" tone={person.closed ? 'quiet' : 'good'}>
              {person.closed ? t('closed') : t('open')}
            </Pill>,
          ],
          ...(mayManage
            ? []
            : ([
                [t('role'), person.roles.map(roleName).join(', ') || t('noRole')],
                [t('scope'), scopeText(person.units)],
              ] as const)),
        ]}
      />
      {mayManage ? (
        <>
          <MultiSelect
            label={t('role')}
            data={roles.map((role) => ({ value: role, label: roleName(role) }))}
            value={chosen}
            onChange={setChosen}
            searchable
            clearButtonProps={{ 'aria-label': t('cancel') }}
          />
          <Textarea
            label={t('units')}
            description={t('unitsHint')}
            value={units}
            onChange={(event) => setUnits(event.currentTarget.value)}
            error={unitsError}
            autosize
            minRows={2}
            maxRows={8}
          />
          <Group justify="flex-end">
            <Button disabled={!changed} loading={setRoles.isPending || saveUnits.isPending} onClick={() => void save()}>
              {t('save')}
            </Button>
          </Group>
        </>
      ) : null}
      <Title order={3}>{t('sessions')}</Title>
      <Sessions personId={personId} />
      {mayManage ? (
        <Group gap={8}>
          <Button variant="default" onClick={() => setAsking('sessions')}>
            {t('endSessions')}
          </Button>
          <Button variant="default" onClick={() => setAsking('password')}>
            {t('newPassword')}
          </Button>
          <Button variant="default" onClick={() => setAsking('close')}>
            {t('closePerson')}
          </Button>
        </Group>
      ) : null}
      <ConfirmTyped
        opened={asking === 'sessions'}
        onClose={() => setAsking(null)}
        title={t('endSessions')}
        action={t('endSessions')}
        withReason
        onConfirm={(reason) =>
          endSessions.mutateAsync({ params, body: { reason } }).then(() => done(t('sessionsEnded')), failed)
        }
      >
        {t('endSessionsSays', { name })}
      </ConfirmTyped>
      <ConfirmTyped
        opened={asking === 'password'}
        onClose={() => setAsking(null)}
        title={t('newPassword')}
        action={t('newPassword')}
        makes
        onConfirm={() =>
          newPassword.mutateAsync({ params }).then(({ oneTimePassword }) => setSecret(oneTimePassword), failed)
        }
      >
        {t('newPasswordSays', { name })}
      </ConfirmTyped>
      <ConfirmTyped
        opened={asking === 'close'}
        onClose={() => setAsking(null)}
        title={t('closePerson')}
        action={t('closePerson')}
        word={person.login}
        withReason
        onConfirm={(reason) =>
          close.mutateAsync({ params, body: { reason } }).then(() => done(t('personClosed')), failed)
        }
      >
        {t('closePersonSays', { name })}
      </ConfirmTyped>
      {secret ? (
        <Once
          title={t('passwordTitle')}
          says={t('passwordSays', { name })}
          secret={secret}
          onClose={() => setSecret(null)}
        />
      ) : null}
    </Stack>
  )
}
