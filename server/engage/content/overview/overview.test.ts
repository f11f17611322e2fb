/** Every message of a bank, tried on made-up customers. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'

let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

const all = async () => (await http.call('GET', '/api/engage/content/treatments', { as: 'petra' })).body
const sample = async (treatment: string, made: string, customer = {}) =>
  (await http.call('POST', '/api/engage/content/samples', { as: 'carlos', body: { treatment, customer, made } })).body

describe('the messages of a bank', () => {
  test('are none before a playbook runs', async () => {
    expect(await all()).toEqual({ revision: '', treatments: [] })
    const { documents } = await smallPlaybook((every) =>
      every.map((one) =>
        one.id === 'goal_saver_sms'
          ? {
              ...one,
              text: {
                en: `{{ variables.name }}’s Goal Saver: 1.75% a year.${' More in the app.'.repeat(5)}`,
              },
              variables: { name: 'customer.given_name' },
            }
          : one,
      ),
    )
    await runPlaybook(bank.rt, [
      ...[...documents.values()].flatMap((ofKind) => [...ofKind.values()]),
      {
        kind: 'attribute',
        id: 'given_name',
        title: 'Given name',
        meaning: 'How the customer is addressed',
        type: 'string',
        default: 'Hello',
        source: { person: 'given_name' },
      },
    ])
  })

  test('each stands with its channel, its class in law, its languages and how long it becomes', async () => {
    const { treatments } = await all()
    const sms = treatments.find((one: { treatment: string }) => one.treatment === 'goal_saver_sms')
    expect(sms).toMatchObject({
      action: 'goal_saver',
      channel: 'sms',
      consent: 'sms',
      class: 'marketing',
      languages: ['en'],
      variables: ['name'],
    })
    // The longest name is the one that counts; a curly apostrophe makes each part hold 67.
    expect(sms.characters).toBeGreaterThan(120)
    expect(sms.parts).toBe(3)
    expect(await all()).toEqual(await all())
  })

  test('are read by customers with a short, a long and a right-to-left name, and by one of whom nothing is known', async () => {
    const text = async (made: string) => (await sample('goal_saver_sms', made)).messages[0].text
    expect(await text('short')).toMatch(/^Bo’s Goal Saver/)
    expect(await text('long')).toMatch(/^Maximiliane-Charlotte Friederike’s/)
    expect(await text('rtl')).toMatch(/^عبد الرحمن’s/)
    const { messages } = await sample('goal_saver_sms', 'rtl')
    expect(messages[0].sms).toMatchObject({ parts: expect.any(Number), unicode: expect.arrayContaining(['ع']) })
    expect((await sample('goal_saver_sms', 'short', { given_name: 'Ana' })).messages[0].text).toMatch(/^Ana’s/)
    const nobody = await sample('goal_saver_app', 'unknown')
    expect(nobody.messages[0].sms).toBeNull()
    // Of somebody unknown a text says the defaults of what it names.
    expect(await text('unknown')).toMatch(/^Hello’s/)
  })
})
