import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testBank } from '#test/harness'
import { STRATEGIST, TEST_BANK } from '#test/playbook'
import { activateFolder, activeRevision, bankOf, kinds, registerKinds, writeDocument } from './index.ts'

test('servers that start an empty bank at once all go on with the one playbook that runs then', async () => {
  registerKinds(...kinds)
  const bank = await testBank()
  const folder = await mkdtemp(join(tmpdir(), 'clientele-first-'))
  try {
    for (const document of TEST_BANK) {
      const of = join(folder, document.kind === 'bank' ? 'bank' : `${document.kind}s`)
      await mkdir(of, { recursive: true })
      await writeFile(join(of, `${document.id}.yaml`), writeDocument(document))
    }
    // Each has its own memory of what runs, as servers do: here still that nothing does.
    const servers = [0, 1, 2].map(() => ({ ...bank.rt, config: { ...bank.rt.config } }))
    for (const rt of servers) expect((await activeRevision(rt)).sequence).toBe(0)
    const found = await Promise.all(servers.map((rt) => activateFolder(rt, folder, STRATEGIST)))
    expect(found.map(({ sequence }) => sequence)).toEqual([1, 1, 1])
    for (const rt of servers) expect(bankOf(await activeRevision(rt)).zone).toBe('Europe/Lisbon')
  } finally {
    await bank.close()
    await rm(folder, { recursive: true, force: true })
  }
})
