import type { Invariant } from '#platform/postgres'

export const invariants: Invariant[] = [
  {
    id: 'A1.profiles',
    sentence: 'Every stored attribute value belongs to a computation that exists.',
    store: 'postgres',
    sql: `
      select p.generation, count(*) as rows
        from know.profile p
       where not exists (select from know.profile_set g where g.generation = p.generation)
       group by p.generation`,
  },
]
