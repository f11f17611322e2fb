/**
 * Who may do what, as one table. A person's permissions are those of all their roles together; nothing is implied by
 * anything else. Duties that must not meet in one person stay in different roles: who drafts a rule approves no rule
 * of their own (checked by name where it is done), who gives access sees no customers, who reads the audit writes nothing.
 */
export const ROLES = [
  'customer_strategist',
  'segment_manager',
  'campaign_manager',
  'relationship_manager',
  'contact_centre_agent',
  'product_owner',
  'data_scientist',
  'board_member',
  'data_protection_officer',
  'duty_manager',
  'administrator',
] as const
export type Role = (typeof ROLES)[number]

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text)

/** Seeing how the loop is set up and how it does, without seeing a customer. */
const SEES_THE_LOOP = [
  'trust.playbook:read',
  'trust.stops:read',
  'know.attributes:read',
  'know.segments:read',
  'know.segments:count',
  'decide.propositions:read',
  'decide.policies:read',
  'decide.arbitration:read',
  'decide.experiments:read',
  'engage.inbound:read',
  'learn.outcomes:read',
  'learn.pulse:read',
]

/** Serving one customer at a time: seeing them, asking for the next best action, telling the answer. */
const SERVES_CUSTOMERS = [
  'trust.stops:read',
  'learn.pulse:read',
  'know.customers:read',
  'know.customers:write',
  'know.events:read',
  'know.attributes:view',
  'know.interactions:read',
  'trust.consents:read',
  'trust.consents:write',
  'decide.decisions:create',
  'decide.decisions:read',
  'decide.decisions:explain',
  'decide.decisions:preview',
  'engage.inbound:ask',
  'engage.inbound:respond',
  'engage.timeline:read',
]

const DRAFTS_RULES = ['trust.playbook:draft', 'trust.playbook:check']

export const PERMISSIONS: Readonly<Record<Role, readonly string[]>> = {
  customer_strategist: [
    ...SEES_THE_LOOP,
    'trust.consents:count',
    ...DRAFTS_RULES,
    'trust.playbook:approve',
    'trust.playbook:activate',
    'decide.decisions:read',
    'decide.decisions:explain',
    'decide.decisions:preview',
    'decide.decisions:replay',
  ],
  segment_manager: [
    ...SEES_THE_LOOP,
    ...DRAFTS_RULES,
    'know.customers:read',
    'know.attributes:view',
    'know.segments:list',
    'know.segments:export',
  ],
  campaign_manager: [
    ...SEES_THE_LOOP,
    ...DRAFTS_RULES,
    'trust.playbook:approve',
    'decide.decisions:read',
    'decide.decisions:explain',
    'decide.decisions:preview',
  ],
  relationship_manager: [
    ...SERVES_CUSTOMERS,
    'know.segments:read',
    'trust.seals:open_vip',
    'trust.seals:open_vulnerable',
  ],
  contact_centre_agent: [...SERVES_CUSTOMERS, 'trust.seals:open_vulnerable'],
  product_owner: [...SEES_THE_LOOP, ...DRAFTS_RULES, 'trust.playbook:approve'],
  data_scientist: [
    ...SEES_THE_LOOP,
    ...DRAFTS_RULES,
    'decide.decisions:read',
    'decide.decisions:explain',
    'decide.decisions:preview',
    'decide.decisions:replay',
  ],
  board_member: [
    'trust.consents:count',
    'trust.stops:read',
    'learn.outcomes:read',
    'learn.pulse:read',
    'know.segments:read',
    'know.segments:count',
    'trust.playbook:read',
  ],
  data_protection_officer: [
    'trust.access:read',
    'trust.stops:read',
    'learn.pulse:read',
    'trust.audit:read',
    'trust.audit:export',
    'trust.consents:export',
    'trust.audit:verify',
    'trust.consents:count',
    'trust.consents:read',
    'trust.consents:write',
    'trust.privacy:read',
    'trust.seals:read',
    'trust.seals:write',
    'trust.seals:open_staff',
    'trust.seals:open_vip',
    'trust.seals:open_vulnerable',
    'trust.playbook:read',
    'know.customers:read',
    'know.interactions:read',
    'engage.timeline:read',
    'know.events:read',
    'know.events:quarantine',
    'know.attributes:read',
    'know.attributes:view',
    'decide.decisions:read',
    'decide.decisions:explain',
    'decide.decisions:preview',
    'decide.decisions:replay',
  ],
  duty_manager: [
    ...SEES_THE_LOOP,
    'trust.stops:stop',
    'trust.stops:start',
    'trust.playbook:approve',
    'trust.playbook:activate',
    'know.sources:read',
    'know.sources:write',
    'know.events:quarantine',
    'know.attributes:compute',
    'platform.jobs:read',
    'platform.jobs:cancel',
    'platform.outbox:read',
    'platform.outbox:give_again',
    'platform.metrics:read',
    'engage.webhooks:read',
    'engage.webhooks:open',
  ],
  administrator: [
    'engage.webhooks:read',
    'engage.webhooks:manage',
    'engage.inbound:read',
    'learn.pulse:read',
    'trust.access:manage',
    'trust.access:read',
    'trust.audit:read',
    'trust.audit:verify',
    'trust.playbook:read',
    'trust.stops:read',
    'know.sources:read',
    'know.attributes:compute',
    'platform.jobs:read',
    'platform.jobs:cancel',
    'platform.outbox:read',
    'platform.outbox:give_again',
    'platform.metrics:read',
  ],
}

/**
 * What only other systems do: they tell of customers by whatever name they know them, so no person's scope could bind
 * it; and only they know that it is the customer who has signed in.
 */
export const SYSTEMS_ONLY = ['know.events:create', 'know.interactions:create', 'engage.inbound:token']

/** What no scope can bind: events name whomever they happened to by any system's number, many at a time. */
export const UNBOUND = ['know.events:create']

/** Every permission there is: what a key may be given. */
export const ALL_PERMISSIONS: ReadonlySet<string> = new Set([...Object.values(PERMISSIONS).flat(), ...SYSTEMS_ONLY])

/** The permissions of some roles together. */
export const permissionsOf = (roles: readonly Role[]): ReadonlySet<string> =>
  new Set(roles.flatMap((role) => PERMISSIONS[role]))
