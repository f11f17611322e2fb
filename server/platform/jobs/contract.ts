import Type, { type Static } from 'typebox'

const Instant = Type.String({ format: 'date-time' })

export const JobReply = Type.Object(
  {
    jobId: Type.String(),
    name: Type.String(),
    key: Type.String(),
    state: Type.String(),
    attempts: Type.Integer(),
    cancelAsked: Type.Boolean(),
    progress: Type.Unknown(),
    result: Type.Unknown(),
    error: Type.Union([Type.String(), Type.Null()]),
    createdAt: Instant,
    endedAt: Type.Union([Instant, Type.Null()]),
  },
  { additionalProperties: false },
)
export type JobReply = Static<typeof JobReply>

export const JobsReply = Type.Object({ jobs: Type.Array(JobReply) })
export const JobParams = Type.Object({ jobId: Type.String({ format: 'uuid' }) }, { additionalProperties: false })
