import { Button, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import type { Static } from 'typebox'
import type { Key as KeySchema } from '#trust/access/contract'
import { useAsk, useTell } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { ConfirmTyped } from '../../ui/confirm.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { now } from '../../ui/format.ts'
import { Facts } from '../../ui/inspector.tsx'
import { done, failed } from '../../ui/toast.tsx'
import { Pill, type Tone, When } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import { t } from './words.ts'

type Key = Static<typeof KeySchema>

export const keyState = ({ revokedAt, expiresAt }: Key): 'inUse' | 'revoked' | 'expired' =>
  revokedAt ? 'revoked' : new Date(expiresAt) < now() ? 'expired' : 'inUse'
const TONES: Record<ReturnType<typeof keyState>, Tone> = { inUse: 'good', revoked: 'quiet', expired: 'warn' }

const scopeOf = ({ scope }: Key): string =>
  scope === 'all'
    ? t('wholeBank')
    : [
        ...(scope.branches ?? []).map((code) => `branch ${code}`),
        ...(scope.teams ?? []).map((code) => `team ${code}`),
        ...(scope.portfolios ?? []).map((code) => `portfolio ${code}`),
      ].join(', ') || t('nobody')

const columns: Column<Key>[] = [
  { id: 'title', title: t('keyName'), value: ({ title }) => title, width: '2fr' },
  { id: 'prefix', title: t('prefix'), value: ({ prefix }) => prefix, width: 120, narrow: false },
  {
    id: 'state',
    title: t('state'),
    value: (key) => t(keyState(key)),
    show: (key) => <Pill tone={TONES[keyState(key)]}>{t(keyState(key))}</Pill>,
    width: 120,
  },
  {
    id: 'may',
    title: t('permissions'),
    value: ({ permissions }) => permissions.join(' '),
    width: '3fr',
    narrow: false,
  },
  { id: 'scope', title: t('scope'), value: scopeOf, narrow: false },
  { id: 'expires', title: t('expires'), value: (k) => k.expiresAt, show: (k) => <When at={k.expiresAt} />, width: 170 },
]

function Details({ of }: { of: Key }) {
  const may = useMay()
  const [asking, setAsking] = useState(false)
  const revoke = useTell(endpoints.revokeKey, { stale: [endpoints.keys] })
  return (
    <Stack gap={16}>
      <Facts
        facts={[
          [t('prefix'), <span key="prefix" className="ui-mono">{`${of.prefix}…`}</span>],
          [
            t('state'),
            <Pill key="state" tone={TONES[keyState(of)]}>
              {t(keyState(of))}
            </Pill>,
          ],
          [t('scope'), scopeOf(of)],
          [t('made'), <When key="made" at={of.createdAt} />],
          [t('expires'), <When key="expires" at={of.expiresAt} />],
          [t('revoked'), <When key="revoked" at={of.revokedAt} />],
          [
            t('permissions'),
            <Stack key="may" gap={2}>
              {of.permissions.map((permission) => (
                <span key={permission} className="ui-mono">
                  {permission}
                </span>
              ))}
            </Stack>,
          ],
        ]}
      />
      {may('trust.access:manage') && of.revokedAt === null ? (
        <Group>
          <Button variant="default" onClick={() => setAsking(true)}>
            {t('revoke')}
          </Button>
        </Group>
      ) : null}
      <ConfirmTyped
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('revoke')}
        action={t('revoke')}
        withReason
        onConfirm={(reason) =>
          revoke
            .mutateAsync({ params: { keyId: of.keyId }, body: { reason } })
            .then(() => done(t('keyRevoked')), failed)
        }
      >
        {t('revokeSays', { name: of.title })}
      </ConfirmTyped>
    </Stack>
  )
}

/** The keys of other systems. */
export function KeysTable({ action }: { action?: React.ReactNode }) {
  const keys = useAsk(endpoints.keys, {})
  return (
    <DataTable
      name="keys"
      prefix="k"
      title={t('keys')}
      columns={columns}
      rows={keys.data?.keys}
      rowId={({ keyId }) => keyId}
      error={keys.error}
      onAgain={() => void keys.refetch()}
      inspect={(key) => <Details key={key.keyId} of={key} />}
      inspectTitle={({ title }) => title}
      sortedBy="state"
      empty={{ title: t('emptyKeys'), sentence: t('emptyKeysSays'), action }}
    />
  )
}
