import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { computeAttributes } from '#know/attributes'
import { customerOfKey } from '#know/customers'
import { type Imported, importFolder } from '#know/sources'
import { type TestBank, type TestBankOptions, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'
import { systemActor } from '#trust/access'
import { dayOf } from '../../demo/days.ts'
import { generateRecent } from '../../demo/generate.ts'

/** A thousand customers of Riverside Bank, taken in as on a first night, with its playbook running; 2 March 2026. */
export interface Riverside {
  bank: TestBank
  http: TestHttp
  imported: Imported
  /** Where the core's files lie. */
  folder: string
  /** Our number of one of the core's customers. */
  idOf(externalId: string): Promise<number>
  /** What a placement shows to a customer; `as` is the channel's key unless a person asks. */
  shownTo(externalId: string, more?: Record<string, unknown>): Promise<Shown[]>
  /** Everything a decision considered, by action: the clauses against it or against saying it here; none: eligible. */
  verdictsFor(externalId: string): Promise<Map<string, string[]>>
  attributesOf(externalId: string): Promise<Record<string, unknown>>
  close(): Promise<void>
}

export interface Shown {
  contactId: string
  action: string
  class: string
  text: string
  offer: Record<string, unknown> | null
}

/** `options`: of the bank, such as settings. */
export async function riverside(options: TestBankOptions = {}): Promise<Riverside> {
  const bank = await testBank(options)
  const http = await testHttp(bank)
  const folder = mkdtempSync(join(tmpdir(), 'riverside-'))
  const { rt } = bank
  generateRecent({ seed: 7, size: 1000, today: dayOf('2026-03-02'), years: 2, recentMonths: 4, out: folder })
  const imported = await importFolder(rt, {
    playbookFolder: join(import.meta.dirname, '../../playbooks/riverside'),
    dataFolder: folder,
    actor: systemActor('core banking'),
  })
  await http.call('POST', '/api/know/events/bulk', {
    as: http.key,
    body: readFileSync(join(folder, 'events.jsonl'), 'utf8'),
    headers: { 'content-type': 'application/x-ndjson' },
  })
  await http.drain()
  await computeAttributes(rt, {})
  const idOf = (externalId: string): Promise<number> => customerOfKey(rt, 'core_customer', externalId)
  return {
    bank,
    http,
    imported,
    folder,
    idOf,
    async shownTo(externalId, more = {}) {
      const { status, body } = await http.call('POST', '/api/engage/inbound/ask', {
        as: http.key,
        body: { customer: { source: 'core_customer', id: externalId }, placement: 'app_home', ...more },
      })
      if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
      return body.actions
    },
    async verdictsFor(externalId) {
      const asked = { customerId: await idOf(externalId), channel: 'app', placement: 'app_home' }
      const decided = await http.call('POST', '/api/decide/decisions', { as: http.key, body: asked })
      const explained = await http.call('GET', `/api/decide/decisions/${decided.body.decisionId}`, { as: http.key })
      const against = ({ reasons }: { reasons: { clause: string }[] }): string[] => reasons.map(({ clause }) => clause)
      return new Map(
        explained.body.actions.map(
          (one: { action: string; reasons: { clause: string }[]; treatments: { reasons: { clause: string }[] }[] }) => [
            one.action,
            [...new Set([...against(one), ...one.treatments.flatMap(against)])],
          ],
        ),
      )
    },
    async attributesOf(externalId) {
      const { body } = await http.call('GET', `/api/know/attributes/of/${await idOf(externalId)}`, { as: http.key })
      return body.attributes
    },
    async close() {
      await http.close()
      await bank.close()
      rmSync(folder, { recursive: true })
    },
  }
}
