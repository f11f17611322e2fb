import { openBank } from '#app/bank'
import { invariants } from '#app/modules'
import { table, type Verb } from '#app/verb'
import { runInvariants } from '#platform/postgres'

export const check: Verb = {
  name: 'check',
  usage: 'check',
  sentence: 'tries every invariant on both stores; exit status 1 when one does not hold',
  options: {},
  async run(call) {
    const bank = await openBank({ dataDir: call.dataDir })
    try {
      const results = await runInvariants(bank.rt, invariants)
      const holds = results.every((result) => result.rows.length === 0)
      call.answer(
        { holds, invariants: results },
        table(
          ['id', 'invariant', 'holds', 'rows', 'first'],
          results.map((r) => [r.id, r.sentence, r.rows.length === 0 ? 'yes' : 'NO', r.rows.length, r.rows[0] ? JSON.stringify(r.rows[0]) : '']),
        ),
      )
      return holds ? 0 : 1
    } finally {
      await bank.close()
    }
  },
}
