import { Button, TextInput } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { Static } from 'typebox'
import type { DecisionsReply } from '#decide/decisions/contract'
import { useAsk } from '../../shell/api.ts'
import { Choose, useMayChoose } from '../../shell/choose.tsx'
import { useMay } from '../../shell/session.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Page } from '../../ui/page.tsx'
import { Empty } from '../../ui/state.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { None, Pill, When } from '../../ui/values.tsx'
import './decisions.css'
import * as endpoints from './endpoints.ts'
import { Sealed } from './sealed.tsx'
import { nothingWords, readable, t } from './words.ts'

type Line = Static<typeof DecisionsReply>['decisions'][number]

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const DECISIONS_MAX = 200

const Because = ({ line }: { line: Line }) =>
  line.nothingBecause === null ? <None /> : <Pill tone="quiet">{nothingWords(line.nothingBecause)}</Pill>

const columns: Column<Line>[] = [
  {
    id: 'at',
    title: t('when'),
    value: ({ askedAt }) => askedAt,
    show: ({ askedAt }) => <When at={askedAt} />,
    width: 170,
  },
  { id: 'channel', title: t('channel'), value: ({ channel }) => readable(channel), width: 130, narrow: false },
  {
    id: 'placement',
    title: t('placement'),
    value: ({ placement }) => (placement === null ? '' : readable(placement)),
    width: 140,
    narrow: false,
  },
  {
    id: 'shown',
    title: t('shownActions'),
    value: ({ chosen }) => chosen.map(readable).join(', '),
    show: ({ chosen }) => (chosen.length === 0 ? <None /> : <bdi>{chosen.map(readable).join(', ')}</bdi>),
  },
  {
    id: 'because',
    title: t('because'),
    value: ({ nothingBecause }) => (nothingBecause === null ? '' : nothingWords(nothingBecause)),
    show: (line) => <Because line={line} />,
    width: 230,
    narrow: false,
  },
  {
    id: 'number',
    title: t('number'),
    value: ({ decisionId }) => decisionId,
    show: ({ decisionId }) => (
      <Link to="/decide/decisions/$decisionId" params={{ decisionId }} className="ui-mono">
        {decisionId.slice(0, 8)}…
      </Link>
    ),
    width: 110,
    narrow: false,
  },
]

/** A customer by name, or one field for both numbers that a letter of complaint may hold. */
function LookUp({ found }: { found: string }) {
  const navigate = useNavigate()
  const mayChoose = useMayChoose('customer')
  const [text, setText] = useState(found)
  const [wrong, setWrong] = useState(false)
  const look = (event: FormEvent): void => {
    event.preventDefault()
    const asked = text.trim()
    const isCustomer = /^\d{1,16}$/.test(asked)
    setWrong(!isCustomer && !UUID.test(asked))
    if (isCustomer) void navigate({ to: '.', search: { customerId: asked } as never })
    else if (UUID.test(asked))
      void navigate({ to: '/decide/decisions/$decisionId', params: { decisionId: asked.toLowerCase() } } as never)
  }
  return (
    <form className="decisions-look" onSubmit={look}>
      {mayChoose ? (
        <Choose
          what="customer"
          label={t('byName')}
          hint={t('byNameHint')}
          chosen={null}
          onChoose={(one) => one && void navigate({ to: '.', search: { customerId: one.id } as never })}
        />
      ) : null}
      <TextInput
        label={t('find')}
        placeholder={t('findHint')}
        value={text}
        maxLength={60}
        error={wrong ? t('neither') : undefined}
        leftSection={<Icon name="search" />}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" variant={found === '' ? 'filled' : 'default'}>
        {t('look')}
      </Button>
    </form>
  )
}

function OfCustomer({ customerId }: { customerId: number }) {
  const [reason, setReason] = useState<string | undefined>()
  const list = useAsk(endpoints.list, { query: { customerId, decisionsMax: DECISIONS_MAX } }, { reason })
  if (list.error?.code === 'reason_needed') return <Sealed onReason={setReason} />
  return (
    <DataTable
      name="decisions"
      title={t('customerTitle', { customerId })}
      columns={columns}
      rows={list.data?.decisions}
      rowId={({ decisionId }) => decisionId}
      error={list.error}
      onAgain={() => void list.refetch()}
      open={({ decisionId }) => `/decide/decisions/${decisionId}`}
      sortedBy="-at"
      empty={{ title: t('noneTitle'), sentence: t('noneSentence') }}
    />
  )
}

/** Looking up what a customer was told. For officers and for whoever serves the customer. */
export default function DecisionsPage() {
  const may = useMay()
  const [asked] = useUrlState('customerId')
  const customerId = /^\d{1,16}$/.test(asked) ? Number(asked) : undefined
  return (
    <Page
      title={customerId === undefined ? t('title') : t('customerTitle', { customerId })}
      sentence={t('sentence')}
      action={
        customerId !== undefined && may('know.customers:read') ? (
          <Button
            variant="default"
            leftSection={<Icon name="person" />}
            renderRoot={(props) => <Link {...props} to={`/know/customers/${customerId}` as never} />}
          >
            {t('toCustomer')}
          </Button>
        ) : undefined
      }
    >
      <LookUp key={`look ${asked}`} found={asked} />
      {customerId === undefined ? (
        <Empty icon="decide" title={t('emptyTitle')} sentence={t('emptySentence')} />
      ) : (
        <OfCustomer key={customerId} customerId={customerId} />
      )}
    </Page>
  )
}
