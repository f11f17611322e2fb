import { openBank } from '#app/bank'
import { wire } from '#app/modules'
import { argument, type Call, idOf, numberOf, optionOf, table, type Verb } from '#app/verb'
import { explain, replay } from '#decide/decisions'
import type { Explanation } from '#decide/decisions/contract'
import { ask, respond as respondTo } from '#engage/inbound'
import { customerOfKey } from '#know/customers'
import { RESPONSE_KINDS, type ResponseKind } from '#know/interactions'
import { invalid } from '#platform/errors'
import type { Runtime } from '#platform/runtime'
import { systemActor } from '#trust/access'

/** A customer by our id, or as source:external for the id that a bank's system gave. */
async function customerOf(rt: Runtime, text: string): Promise<number> {
  const [source, ...external] = text.split(':')
  if (external.length > 0) return customerOfKey(rt, source!, external.join(':'))
  const id = Number(text)
  if (Number.isSafeInteger(id) && id > 0) return id
  throw invalid(
    'customer_reference',
    { found: text },
    `"${text}" names no customer.`,
    'Give our number, or source:id for the id that a bank’s system gave.',
  )
}

/** An option that names somebody or something as one of the bank's systems does: source:id. */
function keyOption<N extends string>(call: Call, name: N): { [K in N]?: { source: string; id: string } } {
  const text = optionOf(call, name)
  if (text === undefined) return {}
  const [source, ...rest] = text.split(':')
  if (source && rest.length > 0 && rest[0]) return { [name]: { source, id: rest.join(':') } } as never
  throw invalid(
    'option_key',
    { option: name, found: text },
    `--${name} takes source:id.`,
    'Name the system and its id.',
  )
}

/** Why an action is left out: its own reasons, and where it has none those of each way it could be said. */
const reasonsOf = ({ verdict, reasons, treatments }: Explanation['actions'][number]) =>
  reasons.length > 0 || verdict === 'shown' || verdict === 'withheld' ? reasons : treatments.flatMap((t) => t.reasons)

export const decide: Verb = {
  name: 'decide',
  usage: 'decide CUSTOMER [--placement P]',
  sentence:
    'asks for a customer’s next best action and shows why; CUSTOMER is a number or source:id; with --replay, none is asked',
  options: {
    placement: { type: 'string', sentence: 'where it would be shown; by default app_home' },
    reason: { type: 'string', sentence: 'why the customer is here, a code of the channel’s' },
    language: { type: 'string', sentence: 'ISO 639-1; by default the customer’s' },
    actions: { type: 'string', sentence: 'how many actions at most' },
    replay: { type: 'string', sentence: 'a decision to make again from its stored row, and to compare to the byte' },
  },
  async run(call) {
    const replayed = optionOf(call, 'replay')
    const decisionId = replayed === undefined ? undefined : idOf(replayed, 'a decision')
    wire()
    const bank = await openBank({ dataDir: call.dataDir })
    try {
      const actor = systemActor('command line')
      if (decisionId) {
        const again = await replay(bank.rt, { decisionId, actor, reason: 'command line' })
        call.answer(
          again,
          again.identical
            ? `Decision ${decisionId}, made again, is the same to the byte.`
            : `Decision ${decisionId} differs: ${JSON.stringify(again.verdictsDiffer)}${again.rankedDiffers ? ', and in its ranking' : ''}.`,
        )
        return again.identical ? 0 : 1
      }
      const customerId = await customerOf(bank.rt, argument(call, 0, 'a customer', 'decide'))
      const reason = optionOf(call, 'reason')
      const language = optionOf(call, 'language')
      const reply = await ask(bank.rt, {
        customerId,
        placement: optionOf(call, 'placement') ?? 'app_home',
        asker: 'staff',
        actor,
        ...(reason ? { reason } : {}),
        ...(language ? { language } : {}),
        ...(call.options.actions ? { actionsMax: numberOf(call, 'actions', 3) } : {}),
      })
      const why = await explain(bank.rt, { decisionId: reply.decisionId, actor, reason: 'command line' })
      const shown = reply.actions.map((a) => `${a.action} (${a.class}, ${a.contactId})\n  ${a.text}`).join('\n')
      const reasons = table(
        ['action', 'verdict', 'priority', 'why'],
        why.actions.map((a) => [
          a.action,
          a.verdict,
          a.priority ?? '',
          reasonsOf(a)
            .map((r) => `${r.title}: found ${r.found}, needed ${r.needed}`)
            .join('; '),
        ]),
      )
      call.answer(
        { ...reply, customerId, trace: why },
        `${shown || `Nothing now: ${reply.nothingBecause}`}\n\nDecision ${reply.decisionId}\n${reasons}`,
      )
      return 0
    } finally {
      await bank.close()
    }
  },
}

export const respond: Verb = {
  name: 'respond',
  usage: 'respond CONTACT KIND [--by HOLDER]',
  sentence: `records what the customer did: ${RESPONSE_KINDS.join(', ')}`,
  options: {
    reason: { type: 'string', sentence: 'why not, a code of the bank’s' },
    by: { type: 'string', sentence: 'source:id of the holder of a joint account who answers; by default the customer' },
    holding: {
      type: 'string',
      sentence: 'source:id of the holding that an acceptance is about; by default all it may be',
    },
  },
  async run(call) {
    const contactId = idOf(argument(call, 0, 'the contact’s id', 'respond'), 'a contact')
    const kind = argument(call, 1, 'what the customer did', 'respond')
    if (!(RESPONSE_KINDS as readonly string[]).includes(kind))
      throw invalid(
        'response_kind',
        { found: kind, known: RESPONSE_KINDS },
        `"${kind}" is no response.`,
        `Say one of ${RESPONSE_KINDS.join(', ')}.`,
      )
    wire()
    const bank = await openBank({ dataDir: call.dataDir })
    try {
      const reason = optionOf(call, 'reason')
      const recorded = await respondTo(bank.rt, {
        contactId,
        kind: kind as ResponseKind,
        actor: systemActor('command line'),
        ...(reason ? { reason } : {}),
        ...keyOption(call, 'by'),
        ...keyOption(call, 'holding'),
      })
      const more = recorded.awaiting ? '; the other holder must accept too' : ''
      const before = recorded.repeated ? ' (known before; nothing changed)' : ''
      call.answer(recorded, `Contact ${contactId} is ${recorded.state}${more}${before}.`)
      return 0
    } finally {
      await bank.close()
    }
  },
}
