import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Type from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Runtime } from '#platform/runtime'
import { type TestBank, testBank } from '#test/harness'
import { REVIEWER, runPlaybook, STRATEGIST } from '#test/playbook'
import { documentSchema } from './contract.ts'
import {
  activate,
  activateFolder,
  activeRevision,
  approve,
  createDraft,
  diffFolder,
  documentOf,
  type Kind,
  pull,
  push,
  registerKinds,
  review,
  testFolder,
} from './index.ts'

const offerKind = {
  kind: 'offer',
  folder: 'offers',
  schema: documentSchema('offer', { rateBp: Type.Integer({ minimum: 0 }) }),
} as Kind<never>
const offer = (id: string, rateBp: number) => ({ kind: 'offer', id, title: id, rateBp })
const offerText = (id: string, rateBp: number) => `kind: offer\nid: ${id}\ntitle: ${id}\nrateBp: ${rateBp}\n`
const write = (id: string, rateBp: number) => ({ kind: 'offer', id, text: offerText(id, rateBp) })
const rateOf = async (rt: Runtime, id: string) =>
  documentOf<{ rateBp: number }>(await activeRevision(rt), 'offer', id)?.rateBp

let bank: TestBank
let rt: Runtime
beforeAll(async () => {
  registerKinds(offerKind)
  bank = await testBank()
  rt = bank.rt
  await runPlaybook(rt, [offer('goal', 600), offer('easy', 95)])
})
afterAll(() => bank.close())

async function goLive(draftId: string): Promise<void> {
  const { revision } = await review(rt, draftId)
  await activate(rt, await approve(rt, draftId, { revision }, REVIEWER), REVIEWER)
}

describe('the same playbook lives in a folder', () => {
  test('pulled, edited, pushed as a draft, approved, pulled again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'playbook-'))
    try {
      const first = await pull(rt, folder)
      expect(first.written).toContain('offers/goal.yaml')
      const file = join(folder, 'offers/goal.yaml')
      await writeFile(file, `# The flagship.\n${offerText('goal', 700)}`)
      expect((await diffFolder(rt, folder)).text).toContain('- 600\n      + 700')
      // Meanwhile somebody else changes another document: the folder's push is a change to what it was pulled from.
      const changes = [write('easy', 99)]
      await goLive(await createDraft(rt, { title: 'Easy', reason: 'Spring.', changes }, STRATEGIST))
      const pushed = await push(rt, folder, { title: 'Flagship', reason: 'Spring.' }, STRATEGIST)
      expect(pushed.changes).toMatchObject([{ id: 'goal', change: 'changed' }])
      await goLive(pushed.draftId!)
      expect([await rateOf(rt, 'goal'), await rateOf(rt, 'easy')]).toEqual([700, 99])
      const again = await pull(rt, folder)
      expect(again.written).toEqual(['offers/easy.yaml'])
      expect(await readFile(file, 'utf8')).toMatch(/^# The flagship/)
      expect(await push(rt, folder, { title: 'x', reason: 'y' }, STRATEGIST)).toMatchObject({
        draftId: undefined,
        changes: [],
      })
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('a folder with errors makes no draft; its findings are the answer', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'playbook-'))
    try {
      await pull(rt, folder)
      await writeFile(join(folder, 'offers/goal.yaml'), offerText('goal', -1))
      await writeFile(join(folder, 'stray.yaml'), 'kind: offer\n')
      const { draftId, findings } = await push(rt, folder, { title: 'x', reason: 'y' }, STRATEGIST)
      expect(draftId).toBeUndefined()
      expect(findings.map(({ file, line }) => [file, line])).toEqual([
        ['stray.yaml', undefined],
        ['offers/goal.yaml', 4],
      ])
      expect(await testFolder(folder)).toMatchObject({ findings: [{}, {}], cases: [] })
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('a bank that has a playbook does not take another at its next start', async () => {
    const before = await activeRevision(rt)
    expect(await activateFolder(rt, '/nowhere', STRATEGIST)).toBe(before)
  })
})
