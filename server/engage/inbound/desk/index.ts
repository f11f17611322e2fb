import type { ChannelDocument } from '#decide/propositions/contract'
import type { AttributeDocument } from '#know/attributes/contract'
import { takeEvent } from '#know/events'
import { invalid } from '#platform/errors'
import { callerOf, once } from '#platform/http'
import { type Runtime, transaction } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { record } from '#trust/audit'
import { activeRevision, documentOf, documentsOf, type Revision } from '#trust/playbook'
import type { PlacementDocument } from '../contract.ts'
import type { DeskReply, ToldBody } from './contract.ts'
import { type Tellable, tellableIn } from './tellable.ts'

/** What the events of this source are: told to a member of staff, who noted it at the desk or on the phone. */
const SOURCE = 'staff'

const tellable = (revision: Revision): Tellable[] => tellableIn(documentsOf<AttributeDocument>(revision, 'attribute'))

/** What a member of staff needs to talk with a customer: the placements that are read out, and what may be noted. */
export async function deskOf(rt: Runtime): Promise<DeskReply> {
  const revision = await activeRevision(rt)
  return {
    placements: documentsOf<PlacementDocument>(revision, 'placement')
      .filter(({ staffed }) => staffed)
      .map(({ id, title, channel, actionsMax }) => ({
        id,
        title,
        channel,
        channelTitle: documentOf<ChannelDocument>(revision, 'channel', channel)?.title ?? channel,
        actionsMax,
        outbound: documentOf<ChannelDocument>(revision, 'channel', channel)?.direction === 'outbound',
      })),
    tellable: tellable(revision).map(({ attribute, title, meaning, dateField }) => ({
      attribute,
      title,
      meaning,
      dated: dateField !== null,
    })),
  }
}

/**
 * Notes what the customer told a member of staff, once for each key: it comes in as an event, like what customers tell
 * on the bank's own pages, and is known to the next question on any channel. Errors: `not_tellable`, `told_date`
 * (invalid), `idempotency_key_reused` (mismatch).
 */
export async function tellAtDesk(
  rt: Runtime,
  { actor, key, ...told }: ToldBody & { actor: Actor },
): Promise<{ outcome: 'applied' | 'duplicate' }> {
  const known = tellable(await activeRevision(rt))
  const what = known.find(({ attribute }) => attribute === told.attribute)
  if (!what)
    throw invalid(
      'not_tellable',
      { at: 'body/attribute', found: told.attribute, expected: known.map(({ attribute }) => attribute) },
      'No attribute of the playbook waits to hear this from a customer.',
      'Take one of those that the desk lists.',
    )
  if ((what.dateField !== null) !== (told.on !== undefined))
    throw invalid(
      'told_date',
      { at: 'body/on', attribute: told.attribute, dated: what.dateField !== null },
      what.dateField === null
        ? 'This is noted without a date.'
        : 'This is noted with the date that the customer names.',
      what.dateField === null ? 'Leave the date out.' : 'Ask by when.',
    )
  const { answer, again } = await once(rt, { actorId: callerOf(actor), route: 'desk/told', key, content: told }, (rt) =>
    take(rt, { ...told, key, what, actor }),
  )
  return { outcome: again ? 'duplicate' : (answer as 'applied') }
}

function take(
  rt: Runtime,
  { customerId, channel, on, key, what, actor }: ToldBody & { what: Tellable; actor: Actor },
): Promise<'applied' | 'duplicate'> {
  return transaction(rt, async (rt) => {
    await record(rt, {
      actor,
      action: 'engage.inbound:told',
      customerIds: [customerId],
      facts: { channel, attribute: what.attribute },
    })
    const { outcome, rejection } = await takeEvent(rt, {
      source: SOURCE,
      id: `${customerId}:${key}`,
      customerId,
      type: what.type,
      occurredAt: rt.clock.now().toISOString(),
      payload: {
        ...(what.says ? { [what.says.field]: what.says.value } : {}),
        ...(what.dateField && on ? { [what.dateField]: on } : {}),
        channel,
      },
    })
    if (outcome !== 'quarantined') return outcome
    const { reason, place, found, expected } = rejection!
    throw invalid(
      'told_not_taken',
      { reason, at: place, found, expected },
      'The bank could not take this in as it was told.',
      'Use a new key for something new.',
    )
  })
}
