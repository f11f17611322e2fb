import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Agreement } from '#engage/inbound/contract'
import { isRefusal, useAsk, useTell } from '../../shell/api.ts'
import { day, timeOfDay } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { done, failed } from '../../ui/toast.tsx'
import { When } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import { channelName } from './item.ts'
import './saying.css'
import { Terms } from './terms.tsx'
import { t } from './words-say.ts'

/** What every agreement makes old. */
const STALE = [endpoints.agreements, endpoints.timeline, endpoints.preview, endpoints.facts, endpoints.customer]

/**
 * What one holder agreed to and others must sign too: who has, who has not, until when, and the answer of whoever is
 * here. It is the bank's record, not this talk's: it stands here until all have signed, one refuses, or it lapses.
 */
export function Agreements({
  customerId,
  channel,
  reason,
}: {
  customerId: number
  channel: string | undefined
  reason: string | undefined
}) {
  const found = useAsk(endpoints.agreements, { params: { customerId } }, { reason, keep: true })
  const respond = useTell(endpoints.respond, { stale: STALE })
  const agreements = found.data?.agreements ?? []
  if (agreements.length === 0) return null
  async function say(one: Agreement, kind: 'accept' | 'refuse', by: { customerId: number; name: string | null }) {
    try {
      const { awaiting } = await respond.mutateAsync({
        body: { contactId: one.contactId, kind, byCustomerId: by.customerId, ...(channel ? { channel } : {}) },
        reason,
      })
      const title = one.title
      done(
        kind === 'refuse' ? t('signRefused', { title }) : awaiting ? t('signMore', { title }) : t('signed', { title }),
      )
    } catch (error) {
      if (!isRefusal(error)) throw error
      failed(error)
      void found.refetch()
    }
  }
  const nameOf = ({ name, customerId: id }: { name: string | null; customerId: number }): string =>
    name ?? t('holder', { id })
  return (
    <section className="know-agreements" aria-label={t('agreements')}>
      <h3>{t('agreements')}</h3>
      <ul>
        {agreements.map((one) => (
          <li key={one.contactId}>
            <strong>
              <Icon name="wait" size={14} className="ui-warn" /> <bdi>{one.title}</bdi>
            </strong>
            {one.agreed.map((each) => (
              <span key={each.customerId} className="know-small ui-quiet">
                {t('hasAgreed', { name: nameOf(each), channel: channelName(each.channel) })} <When at={each.at} />
              </span>
            ))}
            {one.offer ? (
              <Terms offer={one.offer} at={timeOfDay(new Date(one.agreed[0]!.at)).slice(0, 5)} language="en" />
            ) : one.expiresOn ? (
              <span className="know-small">{t('signUntil', { on: day(one.expiresOn) })}</span>
            ) : null}
            {one.awaited.map((each) => (
              <div key={each.customerId} className="know-sign">
                {each.customerId === customerId ? (
                  <span className="know-small">{t('waitsForThem')}</span>
                ) : (
                  <span className="know-small">
                    {t('waitsFor')} <Link to={`/know/customers/${each.customerId}`}>{nameOf(each)}</Link>
                  </span>
                )}
                <Button size="compact-xs" disabled={respond.isPending} onClick={() => void say(one, 'accept', each)}>
                  {t('agrees', { name: nameOf(each) })}
                </Button>
                <Button
                  size="compact-xs"
                  variant="default"
                  disabled={respond.isPending}
                  onClick={() => void say(one, 'refuse', each)}
                >
                  {t('refuses', { name: nameOf(each) })}
                </Button>
              </div>
            ))}
          </li>
        ))}
      </ul>
    </section>
  )
}
