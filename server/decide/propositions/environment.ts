import { customerFields } from '#know/attributes'
import { type Environment, environment, type FieldSpec } from '#platform/expressions'
import { bankOf, type DocumentSet } from '#trust/playbook'

/** What a policy may ask about the moment, beside the customer: all of it stands in the decision's inputs. */
export const CONTEXT_FIELDS: Record<string, FieldSpec> = {
  channel: { type: 'string', default: '', required: true },
  placement: { type: 'string', default: '', required: true },
  /** Why the customer is here: 'browse', 'complaint', 'close_account', 'loan_enquiry', … as the channel says. */
  reason: { type: 'string', default: '', required: true },
  /** What the customer is looking at or asks about. */
  topic: { type: 'string', default: '' },
  product: { type: 'string', default: '' },
  /** A need the customer told us of in this conversation. */
  need: { type: 'string', default: '' },
  amount_minor: { type: 'int', default: 0 },
  /** self | guardian | attorney | executor | staff: who is asking. */
  asker: { type: 'string', default: 'self', required: true },
  now: { type: 'timestamp', required: true },
  /** The business date in the bank's zone. */
  today: { type: 'date', required: true },
  /** Wall-clock hour 0..23 and ISO weekday 1..7 in the bank's zone. */
  hour: { type: 'int', default: 0, required: true },
  weekday: { type: 'int', default: 1, required: true },
}

/** The fields that a caller may fill; the others are set by the decision itself. */
export const CALLER_FIELDS = ['topic', 'product', 'need', 'amount_minor'] as const

/** What every rule and formula of decide is checked and compiled against. */
export const playbookEnvironment = (documents: DocumentSet): Environment =>
  environment(
    { customer: { fields: customerFields(documents) }, context: { fields: CONTEXT_FIELDS } },
    { zone: bankOf({ documents }).zone },
  )
