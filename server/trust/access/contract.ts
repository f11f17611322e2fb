import Type, { type Static } from 'typebox'

const Login = Type.String({
  pattern: '^[a-z0-9][a-z0-9._@-]{1,99}$',
  description: 'Lower case; what the person signs in with.',
})
const Reason = Type.String({ minLength: 3, maxLength: 500, description: 'Why, in words; kept for the audit.' })
const Code = Type.String({ minLength: 1, maxLength: 50 })
export const RoleName = Type.String({ pattern: '^[a-z_]{3,40}$', description: 'A role, e.g. relationship_manager.' })

export const UnitInput = Type.Object(
  {
    kind: Type.Union([Type.Literal('bank'), Type.Literal('branch'), Type.Literal('team'), Type.Literal('portfolio')]),
    code: Type.String({ minLength: 1, maxLength: 50, description: "The unit's code; '*' for the whole bank." }),
  },
  { additionalProperties: false },
)

export const ScopeInput = Type.Union([
  Type.Literal('all'),
  Type.Object(
    {
      branches: Type.Optional(Type.Array(Code, { maxItems: 500 })),
      teams: Type.Optional(Type.Array(Code, { maxItems: 500 })),
      portfolios: Type.Optional(Type.Array(Code, { maxItems: 500 })),
    },
    { additionalProperties: false },
  ),
])

export const SignIn = Type.Object(
  { login: Type.String({ minLength: 1, maxLength: 200 }), password: Type.String({ minLength: 1, maxLength: 200 }) },
  { additionalProperties: false },
)

export const WaysIn = Type.Object(
  {
    password: Type.Boolean({ description: 'Whether people sign in with a login and password of this server.' }),
    outside: Type.Boolean({ description: 'Whether people sign in with the bank’s identity provider.' }),
  },
  { additionalProperties: false },
)
export type WaysIn = Static<typeof WaysIn>

export const Me = Type.Object(
  {
    id: Type.String(),
    kind: Type.String(),
    name: Type.String(),
    roles: Type.Array(Type.String()),
    permissions: Type.Array(Type.String()),
    scope: ScopeInput,
    mustChangePassword: Type.Boolean(),
  },
  { additionalProperties: false },
)
export type Me = Static<typeof Me>

export const MeReply = Type.Object(
  { me: Me, csrfToken: Type.Union([Type.String(), Type.Null()]) },
  { additionalProperties: false },
)

export const SignedIn = Type.Object(
  { me: Me, csrfToken: Type.String({ description: 'Send as X-CSRF-Token with every change.' }) },
  { additionalProperties: false },
)

export const PasswordChange = Type.Object(
  {
    current: Type.String({ minLength: 1, maxLength: 200 }),
    next: Type.String({ minLength: 1, maxLength: 200, description: 'At least 12 characters.' }),
  },
  { additionalProperties: false },
)

export const NewPerson = Type.Object(
  {
    login: Login,
    name: Type.String({ minLength: 1, maxLength: 200 }),
    roles: Type.Array(RoleName, { maxItems: 20 }),
    units: Type.Array(UnitInput, {
      maxItems: 500,
      description: 'Which customers the person answers for; none is nobody.',
    }),
    customerId: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Their own record as a customer, which they may not open.' }),
    ),
  },
  { additionalProperties: false },
)
export type NewPerson = Static<typeof NewPerson>

export const Person = Type.Object(
  {
    personId: Type.String(),
    login: Type.String(),
    name: Type.String(),
    roles: Type.Array(Type.String()),
    units: Type.Array(UnitInput),
    closed: Type.Boolean(),
  },
  { additionalProperties: false },
)
export const People = Type.Object({ people: Type.Array(Person) }, { additionalProperties: false })
export const OneTimePassword = Type.Object(
  {
    personId: Type.String(),
    oneTimePassword: Type.String({ description: 'Shown once; opens nothing but its own change.' }),
  },
  { additionalProperties: false },
)
export const PersonParams = Type.Object({ personId: Type.String({ format: 'uuid' }) }, { additionalProperties: false })
export const RolesInput = Type.Object(
  { roles: Type.Array(RoleName, { maxItems: 20 }) },
  { additionalProperties: false },
)
export const UnitsInput = Type.Object(
  { units: Type.Array(UnitInput, { maxItems: 500 }) },
  { additionalProperties: false },
)
export const ReasonInput = Type.Object({ reason: Reason }, { additionalProperties: false })

export const NewKey = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 200, description: 'Which system holds the key.' }),
    permissions: Type.Array(Type.String({ pattern: '^[a-z_]+\\.[a-z_-]+:[a-z_]+$' }), { minItems: 1, maxItems: 100 }),
    scope: Type.Optional(ScopeInput),
    days: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 730, default: 365, description: 'Until the key expires.' }),
    ),
  },
  { additionalProperties: false },
)
export type NewKey = Static<typeof NewKey>

export const Key = Type.Object(
  {
    keyId: Type.String(),
    prefix: Type.String(),
    title: Type.String(),
    permissions: Type.Array(Type.String()),
    scope: ScopeInput,
    createdAt: Type.String({ format: 'date-time' }),
    expiresAt: Type.String({ format: 'date-time' }),
    revokedAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
  },
  { additionalProperties: false },
)
export const Keys = Type.Object({ keys: Type.Array(Key) }, { additionalProperties: false })
export const NewKeyReply = Type.Object(
  {
    keyId: Type.String(),
    key: Type.String({ description: 'Shown once.' }),
    expiresAt: Type.String({ format: 'date-time' }),
  },
  { additionalProperties: false },
)
export const KeyParams = Type.Object({ keyId: Type.String({ format: 'uuid' }) }, { additionalProperties: false })

export const RolesReply = Type.Object(
  {
    roles: Type.Array(Type.Object({ role: Type.String(), permissions: Type.Array(Type.String()) })),
    /** What keys of other systems may be given, and no person. */
    systemsOnly: Type.Array(Type.String()),
  },
  { additionalProperties: false },
)

export const SealKindName = Type.Union([Type.Literal('staff'), Type.Literal('vip'), Type.Literal('vulnerable')])
export const SealParams = Type.Object(
  { customerId: Type.Integer({ minimum: 1 }), kind: SealKindName },
  { additionalProperties: false },
)
export const SealsParams = Type.Object({ customerId: Type.Integer({ minimum: 1 }) }, { additionalProperties: false })
export const Seals = Type.Object(
  {
    seals: Type.Array(
      Type.Object({
        kind: SealKindName,
        reason: Type.String(),
        sealedAt: Type.String({ format: 'date-time' }),
        sealedBy: Type.String(),
      }),
    ),
  },
  { additionalProperties: false },
)

export const Sessions = Type.Object(
  {
    sessions: Type.Array(
      Type.Object({
        begunAt: Type.String({ format: 'date-time' }),
        seenAt: Type.String({ format: 'date-time', description: 'When it was last used.' }),
        expiresAt: Type.String({ format: 'date-time' }),
        endedAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
        endedWhy: Type.Union([Type.String(), Type.Null()]),
      }),
    ),
  },
  { additionalProperties: false },
)

export const NamesQuery = Type.Object(
  {
    ids: Type.String({
      minLength: 1,
      maxLength: 4000,
      pattern: '^[0-9a-zA-Z:_.-]+(,[0-9a-zA-Z:_.-]+)*$',
      description: 'Ids as records hold them, separated by commas, at most 100; those of nobody are left out.',
    }),
  },
  { additionalProperties: false },
)
export const Names = Type.Object(
  {
    names: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        kind: Type.Union([Type.Literal('person'), Type.Literal('key')]),
      }),
    ),
  },
  { additionalProperties: false },
)
