import Type, { type Static } from 'typebox'

const Count = Type.Integer({ minimum: 0 })
const Day = Type.String({ description: 'A date in the bank’s zone.' })
const orNull = <S extends Parameters<typeof Type.Union>[0][number]>(schema: S) => Type.Union([schema, Type.Null()])
const At = Type.String({ format: 'date-time' })

export const Pulse = Type.Object({
  at: At,
  day: Day,
  customers: Type.Object({
    total: Count,
    prospects: Count,
    customers: Count,
    former: Count,
    cameInToday: Type.Integer({ minimum: 0, description: 'Whose relationship began on the business date.' }),
  }),
  events: Type.Object({
    lastMinute: Type.Integer({ minimum: 0, description: 'Taken in, duplicates left out.' }),
    today: Count,
    quarantinedToday: Count,
  }),
  feeds: Type.Object({
    ok: Count,
    late: Count,
    unbalanced: Count,
    refused: Count,
    never: Count,
    businessDate: orNull(Type.String({ description: 'Up to which date every source that ever came is known.' })),
    sources: Type.Array(
      Type.Object({
        source: Type.String(),
        title: Type.String(),
        target: Type.String(),
        state: Type.String(),
        asOf: orNull(Day),
        dueAt: orNull(Type.String()),
      }),
    ),
  }),
  attributes: Type.Object({ asOf: orNull(Day), computedAt: orNull(At), customers: Count }),
  decisions: Type.Object({
    lastMinute: Count,
    lastHour: Count,
    lastHourWithSomething: Count,
    minutes: Type.Array(Type.Object({ at: At, made: Count, withSomething: Count }), {
      description: 'The last sixty minutes, the oldest first.',
    }),
  }),
  contacts: Type.Object({
    today: Count,
    lines: Type.Array(Type.Object({ channel: Type.String(), state: Type.String(), count: Count })),
  }),
  answers: Type.Object({
    today: Count,
    kinds: Type.Object({
      impression: Count,
      click: Count,
      accept: Count,
      refuse: Count,
      not_now: Count,
      never: Count,
    }),
  }),
  learned: Type.Object({
    modelVersion: orNull(Type.String()),
    takenAt: orNull(At),
    offered: Type.Integer({ minimum: 0, description: 'Offers seen that the propensities have counted.' }),
    accepted: Count,
    lastAt: orNull(At),
  }),
  needs: Type.Object({
    draftsAwaitingApproval: Count,
    approvedAwaitingActivation: Count,
    quarantinedRows: Count,
    quarantinedEvents: Count,
    setAside: Count,
    stops: Count,
    failedJobs: Type.Integer({ minimum: 0, description: 'In the last seven days.' }),
    unknownContacts: Type.Integer({ minimum: 0, description: 'Handed over without word whether they arrived.' }),
  }),
})
export type Pulse = Static<typeof Pulse>
