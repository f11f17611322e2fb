import type { Invariant } from '#platform/postgres'

export const invariants: Invariant[] = [
  {
    id: 'I11b',
    sentence: 'What was stopped starts again only when a second person confirms what a first proposed.',
    store: 'postgres',
    sql: `
      select c.stop_id, c.proposed_by
        from trust.restart_confirmation c
       where c.confirmed_by = c.proposed_by
          or not exists (select from trust.restart r where r.stop_id = c.stop_id and r.proposed_by = c.proposed_by)`,
  },
]
