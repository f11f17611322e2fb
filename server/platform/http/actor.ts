/** The units a person answers for. 'all' is the whole bank; an absent list is none of that kind. */
export type Scope =
  | 'all'
  | {
      readonly branches?: readonly string[]
      readonly teams?: readonly string[]
      readonly portfolios?: readonly string[]
    }

/** Who asks: a person, another system with a key, the bank's own machinery, a customer of the bank, or nobody known. */
export interface Actor {
  readonly id: string
  readonly kind: 'person' | 'key' | 'system' | 'customer' | 'anonymous'
  /** A display name for screens; never written to logs or to the audit. */
  readonly name: string
  readonly roles: readonly string[]
  readonly permissions: ReadonlySet<string>
  readonly scope: Scope
  /** The person's own record as a customer, which nobody of the bank may open for themselves; a customer's only one. */
  readonly customerId?: number
  /** Why sealed records are opened, in the words of this request's X-Access-Reason. */
  readonly reason?: string
}

export const ANONYMOUS: Actor = {
  id: 'anonymous',
  kind: 'anonymous',
  name: 'nobody',
  roles: [],
  permissions: new Set(),
  scope: {},
}

/** What sets this caller apart from every other, for rates and idempotency; the audit names no customer by number. */
export const callerOf = (actor: Actor): string =>
  actor.kind === 'customer' ? `customer:${actor.customerId}` : actor.id

/** Whether the actor holds the permission, e.g. 'decide.decisions:create'. */
export const may = (actor: Actor, permission: string): boolean => actor.permissions.has(permission)
