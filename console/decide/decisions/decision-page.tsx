import { Button, Tabs } from '@mantine/core'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Static } from 'typebox'
import type { Explanation } from '#decide/decisions/contract'
import type { ReadReply } from '#engage/content/contract'
import { useAsk, useTell } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { number } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Figure, Page } from '../../ui/page.tsx'
import { Shown } from '../../ui/state.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { Day, When } from '../../ui/values.tsx'
import './decisions.css'
import * as endpoints from './endpoints.ts'
import { EveryAction } from './every-action.tsx'
import { RecordOf } from './record.tsx'
import { Sealed } from './sealed.tsx'
import { WhatIf } from './what-if.tsx'
import { Why } from './why.tsx'
import { readable, t } from './words.ts'

const ASKERS: Record<string, string> = {
  self: t('asker_self'),
  staff: t('asker_staff'),
  guardian: t('asker_guardian'),
  attorney: t('asker_attorney'),
  executor: t('asker_executor'),
}

const sentenceOf = ({ customerId, channel, placement, asker, actions, shown }: Explanation): string =>
  t('pageSentence', {
    customerId,
    channel: readable(channel),
    placement: placement === null ? '' : ` (${readable(placement)})`,
    asker: ASKERS[asker] ?? asker,
    considered: actions.filter(({ verdict }) => verdict !== 'nothing').length,
    shown: shown.length === 0 ? t('shownNone') : t('shown', { count: shown.length }),
  })

function Decision({
  read: { explanation, messages },
  reason,
}: {
  read: Static<typeof ReadReply>
  reason: string | undefined
}) {
  const { decisionId, actions, shown, customerId, askedAt, today, channel } = explanation
  const may = useMay()
  const navigate = useNavigate()
  const [part, setPart] = useUrlState('part', 'why', { opens: true })
  const replay = useTell(endpoints.replay)
  const again = (): void => {
    setPart('record')
    replay.mutate({ params: { decisionId }, reason })
  }
  const candidates = actions.filter(({ verdict }) => verdict !== 'nothing')
  const here = `/decide/decisions/${decisionId}`
  return (
    <Page
      title={t('pageTitle')}
      sentence={sentenceOf(explanation)}
      action={
        may('decide.decisions:replay') ? (
          <Button onClick={again} loading={replay.isPending} leftSection={<Icon name="again" />}>
            {t('replay')}
          </Button>
        ) : undefined
      }
      figures={
        <>
          <Figure title={t('considered')} value={number(candidates.length)} to={`${here}?part=actions`} />
          <Figure
            title={t('left')}
            value={number(candidates.filter(({ priority }) => priority !== null).length)}
            foot={t('leftFoot')}
            to={`${here}?part=actions&sort=-score`}
          />
          <Figure
            title={t('wasShown')}
            value={number(shown.length)}
            foot={t('wasShownFoot', { channel: readable(channel) })}
          />
          <Figure
            title={t('moment')}
            value={<Day on={today} />}
            foot={
              <>
                <When at={askedAt} as="time" />
                <Link to={`/decide/decisions?customerId=${customerId}` as never}>{t('customer', { customerId })}</Link>
              </>
            }
          />
        </>
      }
    >
      <Tabs value={part} onChange={(next) => setPart(next ?? 'why')} keepMounted={false}>
        <Tabs.List aria-label={t('parts')} mb={16}>
          <Tabs.Tab value="why">{t('tabWhy')}</Tabs.Tab>
          <Tabs.Tab value="actions">{t('tabActions')}</Tabs.Tab>
          {may('decide.decisions:replay') ? <Tabs.Tab value="what-if">{t('tabWhatIf')}</Tabs.Tab> : null}
          <Tabs.Tab value="record">{t('tabReplay')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="why" className="decision-part">
          <Why
            explanation={explanation}
            messages={messages}
            onAction={(action) =>
              void navigate({ to: '.', search: { part: 'actions', row: action } as never, resetScroll: true })
            }
          />
        </Tabs.Panel>
        <Tabs.Panel value="actions">
          <EveryAction explanation={explanation} />
        </Tabs.Panel>
        <Tabs.Panel value="what-if">
          <WhatIf decisionId={decisionId} actions={actions} reason={reason} />
        </Tabs.Panel>
        <Tabs.Panel value="record">
          <RecordOf
            explanation={explanation}
            replay={replay as never}
            onReplay={may('decide.decisions:replay') ? again : undefined}
          />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

/** Why a decision came out as it did. For officers, agents, and whoever answers a complaint. */
export default function DecisionPage() {
  const { decisionId = '' } = useParams({ strict: false }) as { decisionId?: string }
  const [reason, setReason] = useState<string | undefined>()
  // Why and the words together: one look, on record once.
  const found = useAsk(endpoints.read, { params: { decisionId } }, { reason, staleTime: Number.POSITIVE_INFINITY })
  if (found.error?.code === 'reason_needed')
    return (
      <Page title={t('pageTitle')} sentence={t('sentence')}>
        <Sealed onReason={setReason} />
      </Page>
    )
  if (found.data) return <Decision read={found.data} reason={reason} />
  return (
    <Page title={t('pageTitle')} sentence={t('sentence')}>
      <Shown of={found}>{() => null}</Shown>
    </Page>
  )
}
