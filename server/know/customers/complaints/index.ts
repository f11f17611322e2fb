import { type Runtime, transaction } from '#platform/runtime'
import { type Actor, inScope, sealedAmong } from '#trust/access'
import { record } from '#trust/audit'
import { activeRevision, bankOf } from '#trust/playbook'
import type { ComplaintsReply } from '../contract.ts'
import { todayOf } from '../index.ts'
import { nameOf } from '../view.ts'
import { complaintDue } from './due.ts'
import { openComplaints } from './store.ts'

const COMPLAINTS_READ_MAX = 10_000

/**
 * The complaints that wait for their reply, the one that is due first in front: those of customers in the actor's scope
 * and not sealed to them. Whoever is shown is recorded as viewed. At most `complaintsMax` (1..1000).
 */
export const complaintsWaiting = (
  rt: Runtime,
  { actor, complaintsMax }: { actor: Actor; complaintsMax: number },
): Promise<ComplaintsReply> =>
  transaction(rt, async (rt) => {
    const { zone, calendar } = bankOf(await activeRevision(rt))
    const today = await todayOf(rt, zone)
    const open = (await openComplaints(rt.db, today, COMPLAINTS_READ_MAX)).filter((row) => inScope(actor.scope, row))
    const sealed = await sealedAmong(
      rt,
      actor,
      open.map((row) => row.customerId),
    )
    const seen = open.filter((row) => !sealed.has(row.customerId)).slice(0, complaintsMax)
    const customerIds = [...new Set(seen.map((row) => row.customerId))]
    if (customerIds.length > 0) await record(rt, { actor, action: 'know.customers:complaints_listed', customerIds })
    return {
      today,
      complaints: seen.map(({ customerId, standingId, receivedOn, reason, ...person }) => ({
        customerId,
        name: nameOf(person),
        standingId,
        receivedOn,
        reason,
        ...complaintDue(receivedOn, today, calendar),
      })),
    }
  })
