import { describe, expect, test } from 'vitest'
import { loadConfig, settings } from '#platform/config'

describe('settings', () => {
  test('without an environment every setting has its default', () => {
    const config = loadConfig({})
    expect(config.http.port).toBe(4000)
    expect(config.stores.databaseUrl).toBeUndefined()
    expect(config.stores.dataDir).toMatch(/^\/.*\/data$/)
  })

  test('an override wins over the environment, the environment over the default; an empty variable counts as unset', () => {
    const env = { CLIENTELE_PORT: '8080', CLIENTELE_HOST: ' ', CLIENTELE_TRUST_PROXY: 'yes' }
    const config = loadConfig(env, { http: { port: 0 } })
    expect(config.http).toMatchObject({ port: 0, host: '127.0.0.1', trustProxy: true })
    expect(loadConfig(env).http.port).toBe(8080)
  })

  test.each([
    [{ CLIENTELE_PORT: '80a' }, 'http.port', '80a', 'a whole number from 0 to 65535 (TCP port)'],
    [{ CLIENTELE_PORT: '70000' }, 'http.port', '70000', 'a whole number from 0 to 65535 (TCP port)'],
    [{ CLIENTELE_TRUST_PROXY: 'maybe' }, 'http.trustProxy', 'maybe', 'yes or no'],
    [{ CLIENTELE_LOG_LEVEL: 'loud' }, 'log.level', 'loud', 'one of debug, info, warn, error, silent'],
    [{ CLIENTELE_OIDC_GROUPS: 'board' }, 'access.oidcGroups', 'board', 'pairs group=role, with a comma between pairs'],
    [
      { DATABASE_URL: 'mysql://me:secret@host/db' },
      'stores.databaseUrl',
      '(secret)',
      'a URL that begins with postgres:// or postgresql://',
    ],
  ])('%o is refused, naming the setting', (env, setting, found, expected) => {
    expect(() => loadConfig(env)).toThrow(
      expect.objectContaining({
        kind: 'invalid',
        code: 'setting_invalid',
        facts: expect.objectContaining({ setting, found, expected }),
      }),
    )
  })

  test('a secret never appears in the complaint about it', () => {
    try {
      loadConfig({ DATABASE_URL: 'mysql://me:hunter2@host/db' })
      expect.unreachable()
    } catch (error) {
      expect(`${(error as Error).message} ${JSON.stringify(error)}`).not.toContain('hunter2')
    }
  })

  test('groups of the identity provider become roles', () => {
    expect(
      loadConfig({ CLIENTELE_OIDC_GROUPS: 'crm-board=board_member, crm-dpo = data_protection_officer' }).access
        .oidcGroups,
    ).toEqual({
      'crm-board': 'board_member',
      'crm-dpo': 'data_protection_officer',
    })
  })

  test('each has a variable of its own, a unit and a reason', () => {
    expect(new Set(settings.map(({ env }) => env)).size).toBe(settings.length)
    for (const setting of settings) {
      expect(setting.unit).not.toBe('')
      expect(setting.reason).toMatch(/\.$/)
    }
  })
})

test('origins of the bank’s own pages are exact: no path, no wildcard, no other scheme', () => {
  const { http } = loadConfig({ CLIENTELE_ORIGINS: 'https://bank.example, http://127.0.0.1:4001' })
  expect(http.origins).toEqual(['https://bank.example', 'http://127.0.0.1:4001'])
  expect(loadConfig({}).http.origins).toEqual([])
  for (const wrong of [
    '*',
    'https://bank.example/',
    'https://*.bank.example/x',
    'bank.example',
    'ftp://bank.example',
    'null',
  ])
    expect(() => loadConfig({ CLIENTELE_ORIGINS: wrong }), wrong).toThrow('CLIENTELE_ORIGINS')
})
