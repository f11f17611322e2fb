/**
 * Riverside Bank with a thousand customers, on Monday, 2 March 2026, nine o'clock: what the pictures of the guide show.
 * The night's files are in, two hours of customers have been served, a draft waits for a second person.
 */
import { consolePages } from '#app/console'
import { startServer } from '#app/server'
import { csrfTokenOf, type Role } from '#trust/access'
import { riverside } from '../scenarios/traps/riverside.ts'

/** The people of the guide, one in each role. */
const PEOPLE: Record<string, { name: string; role: Role }> = {
  sofia: { name: 'Sofia Lindqvist', role: 'customer_strategist' },
  otto: { name: 'Otto Brandt', role: 'customer_strategist' },
  mina: { name: 'Mina Haddad', role: 'segment_manager' },
  carlos: { name: 'Carlos Pereira', role: 'campaign_manager' },
  riya: { name: 'Riya Nair', role: 'relationship_manager' },
  arthur: { name: 'Arthur Keller', role: 'contact_centre_agent' },
  petra: { name: 'Petra Novak', role: 'product_owner' },
  devi: { name: 'Devi Rao', role: 'data_scientist' },
  bertil: { name: 'Bertil Aho', role: 'board_member' },
  dora: { name: 'Dora Weiss', role: 'data_protection_officer' },
  dag: { name: 'Dag Holm', role: 'duty_manager' },
  ada: { name: 'Ada Fischer', role: 'administrator' },
}
const NINE = new Date('2026-03-02T08:00:00Z')
/** Customers who open the app or the internet bank between seven and nine. */
const VISITORS = 240

export async function mondayMorning() {
  const made = await riverside()
  const { bank, http } = made
  const server = await startServer(bank.rt, { port: 0, pages: await consolePages() })
  for (const [login, { name, role }] of Object.entries(PEOPLE)) {
    await http.person(login, { role })
    await bank.rt.db`update trust.person set name = ${name} where login = ${login}`
  }
  const as = async (login: string) => {
    const session = await http.tokenOf(login)
    return { cookie: `clientele_session=${session}`, 'x-csrf-token': csrfTokenOf(session) }
  }
  const call = async (
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string> = { authorization: `Bearer ${http.key}` },
  ) => {
    const answer = await fetch(server.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answered = (await answer.json()) as Record<string, unknown>
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answered)}`)
    return answered
  }
  bank.clock.set(new Date('2026-03-02T06:02:00Z'))
  await change(call, await as('sofia'), await as('otto'))
  await visits(call)
  const draftId = await draft(call, await as('carlos'))
  await http.drain()
  const jonas = await made.idOf('P90000002')
  const decisions = await call('GET', `/api/decide/decisions?customerId=${jonas}`, undefined)
  const filled: Record<string, string> = {
    draft: draftId,
    decision: String((decisions.decisions as { decisionId: string }[])[0]!.decisionId),
  }
  return {
    url: server.url,
    now: NINE,
    sessionOf: (login: string) => http.tokenOf(login),
    async fill(text: string): Promise<string> {
      let said = text
      for (const [whole, name = ''] of text.matchAll(/\{(\w+)\}/g))
        said = said.replace(whole, filled[name] ?? String(await made.idOf(name)))
      return said
    },
    async close() {
      await server.close()
      await made.close()
    },
  }

  /** Two hours of customers: each asks once, and does what their place in the row says. */
  async function visits(tell: typeof call): Promise<void> {
    const rows = await bank.rt.db<{ external_id: string }[]>`
      select external_id from know.customer_key where source = 'core_customer' and external_id ~ '^P'
       order by (external_id like 'P9%') desc, external_id limit ${VISITORS}`
    // Most who open the app look, some touch, few answer.
    const answers = ['accept', '', '', 'not_now', '', '', 'refuse', '', '', '', '']
    let before = VISITORS * 24_000
    for (const [at, { external_id: id }] of rows.entries()) {
      bank.clock.set(new Date(NINE.getTime() - before))
      before = Math.max(0, before - 2000 - ((at * 7919) % 45) * 1000)
      const customer = { source: 'core_customer', id }
      const placement = at % 4 === 3 ? 'web_overview' : 'app_home'
      const shown = await tell('POST', '/api/engage/inbound/ask', { customer, placement, actionsMax: 1 })
      const [first] = shown.actions as { contactId: string }[]
      // The people whose pages are shown were only asked for: their pages say what is next.
      if (!first || at < 9) continue
      const kinds = ['impression', at % 3 === 0 ? 'click' : '', at % 3 === 0 ? answers[at % answers.length] : '']
      for (const kind of kinds)
        if (kind) await tell('POST', '/api/engage/inbound/responses', { contactId: first.contactId, kind })
    }
    bank.clock.set(NINE)
  }

  /** Sofia's change, approved and begun by Otto: fewer e-mails a month. */
  async function change(tell: typeof call, sofia: Record<string, string>, otto: Record<string, string>): Promise<void> {
    const { text } = await tell('GET', '/api/trust/playbook/documents/contact_policy/standard', undefined, sofia)
    const { draftId } = await tell(
      'POST',
      '/api/trust/playbook/drafts',
      {
        title: 'Three marketing e-mails a month, not four',
        reason: 'The fourth is hardly ever opened.',
        changes: [
          {
            kind: 'contact_policy',
            id: 'standard',
            text: String(text).replace('email_month, max: 4', 'email_month, max: 3'),
          },
        ],
      },
      sofia,
    )
    const { revision } = await tell('GET', `/api/trust/playbook/drafts/${draftId}`, undefined, otto)
    const { approvalId } = await tell('POST', `/api/trust/playbook/drafts/${draftId}/approvals`, { revision }, otto)
    await tell('POST', `/api/trust/playbook/approvals/${approvalId}/activation`, undefined, otto)
  }

  /** A campaign manager's draft that waits for a review: the Goal Saver for those who saved twice, and its case. */
  async function draft(tell: typeof call, who: Record<string, string>): Promise<string> {
    const read = async (kind: string) =>
      String((await tell('GET', `/api/trust/playbook/documents/${kind}/goal_saver`, undefined, who)).text)
    const policy = (await read('policy'))
      .replace('At least three small savings', 'At least two small savings')
      .replace('small_savings_90d >= 3', 'small_savings_90d >= 2')
    const action = (await read('action'))
      .replace('Two savings only', 'One saving only')
      .replace('small_savings_90d: 2', 'small_savings_90d: 1')
    const { draftId } = await tell(
      'POST',
      '/api/trust/playbook/drafts',
      {
        title: 'Goal Saver for those who saved twice',
        reason: 'Half of those who save small sums are missed.',
        changes: [
          { kind: 'policy', id: 'goal_saver', text: policy },
          { kind: 'action', id: 'goal_saver', text: action },
        ],
      },
      who,
    )
    await tell('PUT', `/api/trust/playbook/drafts/${draftId}/review-request`, { note: 'Does it reach too many?' }, who)
    return String(draftId)
  }
}
