import { type Db, type Invariant, numbers, texts } from '#platform/postgres'
import type { Arm } from './arms.ts'

export interface AssignmentRow {
  customerId: number
  experiment: string
  period: string
  householdId: number | null
  arm: Arm
  assignedAt: Date
}

/** Never changes one that is there. */
export const insertAssignments = (db: Db, rows: readonly AssignmentRow[]) => db`
  insert into decide.assignment (customer_id, experiment, period, household_id, arm, assigned_at)
  select * from unnest(${numbers(rows.map((r) => r.customerId))}::bigint[], ${texts(rows.map((r) => r.experiment))}::text[],
                       ${texts(rows.map((r) => r.period))}::text[], ${numbers(rows.map((r) => r.householdId))}::bigint[],
                       ${texts(rows.map((r) => r.arm))}::text[], ${texts(rows.map((r) => r.assignedAt.toISOString()))}::timestamptz[])
  on conflict do nothing`

/** Everybody who has no arm yet in this period; the same hash as armOf. Answers how many were assigned. */
export const assignEverybody = async (
  db: Db,
  experiment: { id: string; salt: string; controlBp: number },
  period: string,
  at: Date,
): Promise<number> =>
  (
    await db`
      insert into decide.assignment (customer_id, experiment, period, household_id, arm, assigned_at)
      select c.customer_id, ${experiment.id}, ${period}, c.household_id,
             case when ('x' || left(md5(${experiment.salt} || ':' || ${experiment.id} || ':' || ${period} || ':' ||
                         coalesce('h' || c.household_id, 'c' || c.customer_id)), 8))::bit(32)::bigint % 10000
                       < ${experiment.controlBp}
                  then 'control' else 'treated' end,
             ${at}
        from know.customer c
       where c.left_on is null
      on conflict do nothing`
  ).count

/**
 * People of one household who were put into different arms before they came together: they leave the analysis, all of
 * them, and keep their arms. Answers how many left now.
 */
export const exitMixedHouseholds = async (db: Db, experiment: string, period: string, at: Date): Promise<number> =>
  (
    await db`
      with mixed as (
        select c.household_id
          from decide.assignment a
          join know.customer c using (customer_id)
         where a.experiment = ${experiment} and a.period = ${period} and c.household_id is not null
         group by c.household_id
        having count(distinct a.arm) > 1
      )
      insert into decide.assignment_exit (customer_id, experiment, period, reason, left_at)
      select a.customer_id, a.experiment, a.period, 'household_of_two_arms', ${at}
        from decide.assignment a
        join know.customer c using (customer_id)
        join mixed m on m.household_id = c.household_id
       where a.experiment = ${experiment} and a.period = ${period}
      on conflict do nothing`
  ).count

export const armCounts = (db: Db) => db<
  { experiment: string; period: string; arm: Arm; customers: number; left: number }[]
>`
  select a.experiment, a.period, a.arm, count(*)::int as customers, count(x.customer_id)::int as left
    from decide.assignment a
    left join decide.assignment_exit x using (customer_id, experiment, period)
   group by 1, 2, 3
   order by 1, 2, 3`

export const invariants: Invariant[] = [
  {
    id: 'I8',
    sentence: 'Nobody of a control arm was shown marketing while in it, and households share an arm unless they left',
    store: 'postgres',
    sql: `select c.customer_id, c.contact_id::text as what
            from decide.decision d
            join know.contact c on c.customer_id = d.customer_id and c.decision_id = d.decision_id
           where d.arm = 'control' and c.class = 'marketing'
           union all
          select min(a.customer_id), 'household ' || a.household_id
            from decide.assignment a
           where a.household_id is not null
             and not exists (select from decide.assignment_exit x
                              where x.customer_id = a.customer_id and x.experiment = a.experiment and x.period = a.period)
           group by a.household_id, a.experiment, a.period
          having count(distinct a.arm) > 1`,
  },
]
