import { openBank } from '#app/bank'
import { wire } from '#app/modules'
import { progressBar } from '#app/progress'
import { argument, dayOf, table, type Verb } from '#app/verb'
import { importFolder, reportOf } from '#know/sources'
import { systemClock } from '#platform/clock'
import { systemActor } from '#trust/access'

export const importVerb: Verb = {
  name: 'import',
  usage: 'import PLAYBOOK DATA [--as-of DATE]',
  sentence: 'takes a bank in: a playbook’s folder and the folder of its systems’ files',
  options: {
    'as-of': {
      type: 'string',
      sentence: 'business date YYYY-MM-DD; what is dated later waits in quarantine or stays unseen',
    },
  },
  async run(call) {
    wire()
    const playbookFolder = argument(call, 0, 'the playbook’s folder', 'import')
    const dataFolder = argument(call, 1, 'the folder of files', 'import')
    const asOf = dayOf(call, 'as-of')
    const bank = await openBank({ dataDir: call.dataDir })
    const bar = progressBar(systemClock, (text) => process.stderr.write(text), {
      terminal: process.stderr.isTTY === true,
      title: 'Importing',
    })
    try {
      const imported = await importFolder(bank.rt, {
        playbookFolder,
        dataFolder,
        actor: systemActor('command line'),
        progress: bar.to,
        ...(asOf ? { asOf } : {}),
      })
      bar.end()
      const { headers, rows, remarks } = reportOf(imported)
      call.answer(imported, [table(headers, rows), '', ...remarks].join('\n'))
      // Whoever runs this at night learns from the status that a file had no effect.
      return imported.outcomes.every(({ feed }) => feed.state === 'applied') ? 0 : 1
    } finally {
      await bank.close()
    }
  },
}
