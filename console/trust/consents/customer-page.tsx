import { Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { Static } from 'typebox'
import type * as contract from '#trust/consents/contract'
import { isRefusal, type Refusal, useAsk, useTell } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { useNames, Who } from '../../shell/who.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Facts } from '../../ui/inspector.tsx'
import { Page, Panel } from '../../ui/page.tsx'
import { Shown } from '../../ui/state.tsx'
import { done } from '../../ui/toast.tsx'
import { humanised } from '../../ui/typed-value.tsx'
import { None, Pill, type Tone, When } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import { t } from './words.ts'

type Row = Static<typeof contract.ConsentHistory>['records'][number]

const TONES: Record<Row['state'], Tone> = { given: 'good', withdrawn: 'warn', objected: 'bad' }
const stateWord = (state: Row['state']): string => t(state === 'objected' ? 'objectedState' : state)
const whatOf = ({ purpose, channel }: Pick<Row, 'purpose' | 'channel'>): string =>
  humanised(channel === 'all' ? t(purpose) : `${t(purpose)}, ${t(channel)}`)
const evidence = (row: Row, name: string): string => String(row.evidence[name] ?? '')

const CHANNELS = ['email', 'sms', 'push', 'call', 'post', 'app', 'web', 'branch'] as const
const Allowed = ({ is }: { is: boolean }) => (
  <Pill tone={is ? 'good' : 'quiet'} icon={is ? 'good' : 'bad'}>
    {is ? t('allowed') : t('notAllowed')}
  </Pill>
)

/** What a customer says, recorded by whoever hears it. */
function Record({ customerId, reason, onClose }: { customerId: number; reason: string; onClose: () => void }) {
  const [purpose, setPurpose] = useState<contract.Purpose>('marketing')
  const [channel, setChannel] = useState('all')
  const [state, setState] = useState<contract.State>('withdrawn')
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const say = useTell(endpoints.say, { stale: [endpoints.today, endpoints.history, endpoints.overview] })
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const said = String(form.get('said')).trim()
    setRefusal(null)
    try {
      await say.mutateAsync({
        params: { customerId },
        body: {
          purpose,
          state,
          ...(purpose === 'marketing' && channel !== 'all' ? { channel: channel as 'email' } : {}),
          evidence: { how: String(form.get('how')).trim(), ...(said ? { said } : {}) },
        },
        reason,
      })
      done(t('recorded'))
      onClose()
    } catch (error) {
      if (!isRefusal(error)) throw error
      setRefusal(error)
    }
  }
  return (
    <Modal opened onClose={onClose} title={t('record')} centered closeButtonProps={{ 'aria-label': t('cancel') }}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          <Text m={0} size="sm" c="dimmed">
            {t('recordSays')}
          </Text>
          <Select
            label={t('purpose')}
            data={(['marketing', 'profiling', 'payment_data'] as const).map((each) => ({
              value: each,
              label: t(each),
            }))}
            value={purpose}
            onChange={(value) => setPurpose((value ?? 'marketing') as contract.Purpose)}
            allowDeselect={false}
          />
          {purpose === 'marketing' ? (
            <Select
              label={t('channel')}
              data={(['all', 'email', 'sms', 'push', 'call', 'post'] as const).map((each) => ({
                value: each,
                label: t(each),
              }))}
              value={channel}
              onChange={(value) => setChannel(value ?? 'all')}
              allowDeselect={false}
            />
          ) : null}
          <Select
            label={t('what')}
            data={[
              { value: 'given', label: t('give') },
              { value: 'withdrawn', label: t('withdraw') },
              { value: 'objected', label: t('object') },
            ]}
            value={state}
            onChange={(value) => setState((value ?? 'withdrawn') as contract.State)}
            allowDeselect={false}
          />
          <TextInput
            name="how"
            label={t('how')}
            description={t('howHint')}
            required
            withAsterisk={false}
            maxLength={200}
          />
          <Textarea name="said" label={t('words')} maxLength={2000} autosize minRows={2} />
          {refusal ? (
            <Text role="alert" size="sm" className="ui-bad" m={0}>
              {refusal.message} {refusal.next}
            </Text>
          ) : null}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={say.isPending}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** A sealed record asks why it is opened. */
function Sealed({ onReason }: { onReason: (reason: string) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    onReason(String(new FormData(event.currentTarget).get('reason')).trim())
  }
  return (
    <Panel title={t('sealedTitle')}>
      <form onSubmit={submit}>
        <Group gap={12} align="flex-end">
          <TextInput
            name="reason"
            label={t('reason')}
            description={t('sealedSays')}
            required
            withAsterisk={false}
            minLength={3}
            maxLength={500}
            style={{ flex: '0 1 480px' }}
          />
          <Button type="submit">{t('openSealed')}</Button>
        </Group>
      </form>
    </Panel>
  )
}

/** What one customer allows, and what shows it. For the data protection officer and whoever serves the customer. */
export default function CustomerConsentsPage() {
  const may = useMay()
  const customerId = Number((useParams({ strict: false }) as { customerId: string }).customerId)
  const [reason, setReason] = useState('')
  const [recording, setRecording] = useState(false)
  const params = { customerId }
  const today = useAsk(endpoints.today, { params }, { reason })
  const isSealed = today.error?.code === 'reason_needed'
  const history = useAsk(endpoints.history, { params }, { reason, enabled: today.data !== undefined })
  const nameOf = useNames((history.data?.records ?? []).map(({ recordedBy }) => recordedBy))
  const columns: Column<Row>[] = [
    {
      id: 'when',
      title: t('when'),
      value: (r) => r.recordedAt,
      show: (r) => <When at={r.recordedAt} />,
      width: 170,
      narrow: false,
    },
    { id: 'of', title: t('of'), value: whatOf, width: 180 },
    {
      id: 'state',
      title: t('state'),
      value: ({ state }) => stateWord(state),
      show: ({ state }) => <Pill tone={TONES[state]}>{stateWord(state)}</Pill>,
      width: 120,
    },
    { id: 'how', title: t('how'), value: (row) => evidence(row, 'how'), width: '2fr', narrow: false },
    { id: 'words', title: t('words'), value: (row) => evidence(row, 'said'), width: '2fr', narrow: false },
    {
      id: 'by',
      title: t('by'),
      value: ({ recordedBy }) => nameOf(recordedBy),
      width: 'minmax(150px, 1fr)',
      narrow: false,
    },
  ]
  return (
    <Page
      title={t('customerTitle', { id: customerId })}
      sentence={t('customerSentence')}
      action={
        may('trust.consents:write') && today.data ? (
          <Button onClick={() => setRecording(true)} leftSection={<Icon name="plus" />}>
            {t('record')}
          </Button>
        ) : undefined
      }
    >
      {may('know.customers:read') ? <Link to={`/know/customers/${customerId}`}>{t('toCustomer')}</Link> : null}
      {isSealed ? (
        <Sealed
          onReason={(words) => {
            setReason(words)
            setTimeout(() => void today.refetch(), 0)
          }}
        />
      ) : (
        <>
          <Panel title={t('now')}>
            <Shown of={today}>
              {(found) => (
                <Facts
                  facts={[
                    ...CHANNELS.map(
                      (channel) =>
                        [
                          humanised(`${t('marketing')}, ${t(channel)}`),
                          <Allowed key={channel} is={found.marketing[channel]} />,
                        ] as const,
                    ),
                    [t('profilingOpen'), <Allowed key="profiling" is={!found.profilingObjected} />],
                    [t('paymentOpen'), <Allowed key="payment" is={found.paymentData} />],
                  ]}
                />
              )}
            </Shown>
          </Panel>
          {today.error ? null : (
            <DataTable
              name={`consents-${customerId}`}
              title={t('said')}
              columns={columns}
              rows={history.data?.records}
              rowId={(row) => `${row.version}-${row.purpose}-${row.channel}`}
              error={history.error}
              onAgain={() => void history.refetch()}
              inspect={(row) => (
                <Facts
                  facts={[
                    [t('of'), whatOf(row)],
                    [t('state'), stateWord(row.state)],
                    [t('when'), <When key="when" at={row.recordedAt} />],
                    [t('by'), <Who key="by" id={row.recordedBy} />],
                    ...(
                      [
                        ['how', 'how'],
                        ['where', 'where'],
                        ['text', 'textVersion'],
                        ['words', 'said'],
                        ['reference', 'reference'],
                        ['occurred', 'occurredAt'],
                      ] as const
                    ).map(
                      ([word, name]) =>
                        [
                          t(word),
                          evidence(row, name) ? <bdi key={name}>{evidence(row, name)}</bdi> : <None key={name} />,
                        ] as const,
                    ),
                  ]}
                />
              )}
              inspectTitle={whatOf}
              sortedBy="-when"
              empty={{ title: t('nothingTitle'), sentence: t('nothingSentence') }}
            />
          )}
        </>
      )}
      {recording ? <Record customerId={customerId} reason={reason} onClose={() => setRecording(false)} /> : null}
    </Page>
  )
}
