import Type, { type Static, type TSchema } from 'typebox'

const OrNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])
const Page = Type.String({
  pattern: '^/[a-z0-9/_-]{0,199}$',
  description: 'The path of the page, e.g. /know/sources.',
})
const Name = Type.String({ minLength: 1, maxLength: 100 })
const State = Type.String({ maxLength: 4000, description: 'What stands behind the question mark of the address.' })
const RoleName = Type.String({ pattern: '^[a-z_]{3,40}$', description: 'A role, e.g. campaign_manager.' })

export const ViewsQuery = Type.Object({ page: Type.Optional(Page) }, { additionalProperties: false })
export const ViewParams = Type.Object({ viewId: Type.String({ format: 'uuid' }) }, { additionalProperties: false })
export const ViewBody = Type.Object(
  { page: Page, name: Name, state: State, sharedWith: Type.Optional(OrNull(RoleName)) },
  { additionalProperties: false },
)
export type ViewBody = Static<typeof ViewBody>

export const View = Type.Object({
  viewId: Type.String({ format: 'uuid' }),
  page: Type.String(),
  name: Type.String(),
  state: Type.String(),
  sharedWith: OrNull(Type.String()),
  own: Type.Boolean(),
  ownerName: Type.String(),
  savedAt: Type.String({ format: 'date-time' }),
})
export type View = Static<typeof View>
export const ViewsReply = Type.Object({ views: Type.Array(View) })
