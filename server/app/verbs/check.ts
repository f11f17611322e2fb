import { openBank } from '#app/bank'
import { invariants, wire } from '#app/modules'
import { table, type Verb } from '#app/verb'
import { runInvariants } from '#platform/postgres'
import { verify } from '#trust/audit'

export const check: Verb = {
  name: 'check',
  usage: 'check',
  sentence: 'tries every invariant on both stores and the audit’s chains; exit status 1 when one does not hold',
  options: {},
  async run(call) {
    wire()
    const bank = await openBank({ dataDir: call.dataDir })
    try {
      const found = await runInvariants(bank.rt, invariants)
      const audit = await verify(bank.rt)
      const holds = found.every(({ rows }) => rows.length === 0) && audit.whole
      call.answer(
        { holds, invariants: found, audit },
        table(
          ['id', 'invariant', 'holds', 'first breach'],
          [
            ...found.map(({ id, sentence, rows }) => [
              id,
              sentence,
              rows.length === 0 ? 'yes' : 'NO',
              rows[0] ? JSON.stringify(rows[0]) : '',
            ]),
            [
              'audit',
              `The chains of the audit are whole: ${audit.entries} entries.`,
              audit.whole ? 'yes' : 'NO',
              audit.breaks[0] ? JSON.stringify(audit.breaks[0]) : '',
            ],
          ],
        ),
      )
      return holds ? 0 : 1
    } finally {
      await bank.close()
    }
  },
}
