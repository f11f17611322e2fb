import { Button } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { queries, type Refusal, useAsk } from '../../shell/api.ts'
import { useMay, useSession } from '../../shell/session.tsx'
import { steady } from '../../shell/steady.ts'
import { Icon } from '../../ui/icons.tsx'
import { Page } from '../../ui/page.tsx'
import { Failed } from '../../ui/state.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { Consents } from './consents.tsx'
import './customer.css'
import * as endpoints from './endpoints.ts'
import { Figures } from './figures.tsx'
import { Head } from './head.tsx'
import { Holdings } from './holdings.tsx'
import { Life, Said } from './life.tsx'
import { Next } from './next.tsx'
import { People } from './people.tsx'
import { Sealed } from './sealed.tsx'
import type { Actor } from './talk.ts'
import { Timeline } from './timeline.tsx'
import { t } from './words.ts'

/** Each is drawn again when what it shows has come, not when anything has. */
const parts = {
  Head: steady(Head),
  Figures: steady(Figures),
  Holdings: steady(Holdings),
  People: steady(People),
  Consents: steady(Consents),
  Life: steady(Life),
  Said: steady(Said),
  Next: steady(Next),
  Timeline: steady(Timeline),
}

/** Where somebody of a role usually talks to a customer. */
const channelOf = (roles: readonly string[]): string =>
  roles.includes('contact_centre_agent') ? 'contact_centre' : roles.includes('relationship_manager') ? 'branch' : 'app'

/** What may be said and noted changes with the playbook only. */
const DESK_FRESH_MS = 300_000
/** Items among which what was last said is looked for: events between them are mostly silent. */
const SAID_AMONG = 40

/** One customer, whole: for whoever talks to them, answers for them or must understand what was said. */
export default function CustomerPage() {
  const { customerId } = useParams({ strict: false }) as { customerId: string }
  const id = /^[1-9]\d{0,15}$/.test(customerId) ? Number(customerId) : undefined
  return id === undefined ? <NoSuchCustomer id={customerId} /> : <Opened key={id} id={id} />
}

const NoSuchCustomer = ({ id }: { id: string }) => (
  <Page title={t('noSuch')} sentence={t('noSuchSentence', { id })}>
    <div>
      <Button component={Link} to="/know/customers" leftSection={<Icon name="search" />}>
        {t('toSearch')}
      </Button>
    </div>
  </Page>
)

const isSealed = (error: Refusal | null): boolean => error?.code === 'reason_needed'

/** Holds the reason for which a sealed record was opened, for as long as it is looked at and no longer. */
function Opened({ id }: { id: number }) {
  const [reason, setReason] = useState<string | undefined>(undefined)
  // What was read from under a seal is forgotten when one leaves: the next look asks for its own reason.
  useEffect(() => {
    if (reason === undefined) return
    return () =>
      queries.removeQueries({
        predicate: ({ queryKey }) =>
          (queryKey[1] as { customerId?: number } | null)?.customerId === id ||
          (queryKey[3] as { customerId?: number } | null)?.customerId === id,
      })
  }, [id, reason])
  return <Whole key={reason ?? ''} id={id} reason={reason} onReason={setReason} />
}

function Whole({
  id,
  reason,
  onReason,
}: {
  id: number
  reason: string | undefined
  onReason: (reason: string) => void
}) {
  const may = useMay()
  const { me } = useSession()
  const [channel, setChannel] = useUrlState('channel', channelOf(me.roles))
  const [actor, setActor] = useState<Actor | null>(null)
  const params = { customerId: id }
  // All at once: the page is useful when the slowest of them has come.
  const customer = useAsk(endpoints.customer, { params, query: {} }, { reason })
  const facts = useAsk(endpoints.facts, { params }, { reason, enabled: may('know.attributes:view') })
  const segments = useAsk(endpoints.segmentsOf, { params }, { reason, enabled: may('know.attributes:view') })
  const consents = useAsk(endpoints.consents, { params }, { reason, enabled: may('trust.consents:read') })
  // The same for every customer, so it is asked for once; what would be said depends on where it is read out.
  const talks = may('engage.inbound:ask')
  const desk = useAsk(endpoints.desk, {}, { enabled: talks, staleTime: DESK_FRESH_MS })
  const place = desk.data?.placements.find((one) => one.channel === channel)
  const asked = place ? { placement: place.id, actionsMax: place.actionsMax, asker: 'staff' as const } : {}
  const preview = useAsk(
    endpoints.preview,
    { body: { customerId: id, channel, ...asked, ...(actor ? { asker: actor.role } : {}) } },
    { reason, enabled: may('decide.decisions:preview') && (!talks || !desk.isPending) },
  )
  const said = useAsk(
    endpoints.timeline,
    { params, query: { kinds: 'contact,answer,event', limit: SAID_AMONG } },
    { reason, enabled: may('engage.timeline:read') },
  )
  const unknownChannel = preview.error?.kind === 'invalid' && 'channel' in preview.error.facts
  useEffect(() => {
    // A bank may call its channels by other names than ours; every bank has an app.
    if (unknownChannel && channel !== 'app') setChannel('app')
  }, [unknownChannel, channel, setChannel])
  const name = customer.data?.name
  useEffect(() => {
    document.title = `${name ?? t('title')} · Clientele`
  }, [name])

  if (customer.error && isSealed(customer.error)) return <Sealed refusal={customer.error} onReason={onReason} />
  if (customer.error?.kind === 'not_found') return <NoSuchCustomer id={String(id)} />
  if (customer.error && !customer.data)
    return (
      <Page title={t('title')} sentence={t('sentence')}>
        <Failed failure={customer.error} onAgain={() => void customer.refetch()} />
      </Page>
    )
  const mayTimeline = may('engage.timeline:read')
  return (
    <div className="ui-page know-360">
      <parts.Head view={customer.data} segments={segments.data} reason={reason} />
      <parts.Figures view={customer.data} facts={facts} preview={preview} />
      <div className="know-360-grid">
        <div className="know-360-column">
          <parts.Holdings view={customer.data} reason={reason} mayMove={mayTimeline} />
          <parts.People view={customer.data} />
          {may('trust.consents:read') ? <parts.Consents id={id} consents={consents} /> : null}
        </div>
        <div className="know-360-column">
          <parts.Life view={customer.data} facts={facts} />
          {mayTimeline ? <parts.Said said={said} /> : null}
        </div>
        <div className="know-360-column">
          {may('decide.decisions:preview') ? (
            <parts.Next
              view={customer.data}
              facts={facts.data}
              preview={preview}
              profilingObjected={consents.data?.profilingObjected ?? true}
              channel={channel}
              onChannel={setChannel}
              desk={desk.data}
              actor={actor}
              onActor={setActor}
              customerId={id}
              reason={reason}
            />
          ) : null}
        </div>
      </div>
      {mayTimeline ? <parts.Timeline id={id} reason={reason} /> : null}
    </div>
  )
}
