import { isAbsolute, resolve } from 'node:path'
import { invalid } from '#platform/errors'
import { type Setting, settings } from './settings.ts'

export { type Setting, settings } from './settings.ts'

type ValueOf<S> = S extends Setting<infer T> ? T : never
type Settings = typeof settings

/** The value of every setting, by section. */
export type Config = {
  readonly [Section in keyof Settings]: {
    readonly [Name in keyof Settings[Section]]: ValueOf<Settings[Section][Name]>
  }
}

/** Settings given by the caller rather than by the environment: the command line, a test. */
export type Overrides = { readonly [Section in keyof Config]?: Partial<Config[Section]> }

/**
 * The configuration of a process: overrides first, then the environment, then defaults. An empty variable counts as
 * unset. Throws `setting_invalid` naming the setting, what was found and what is expected.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, overrides: Overrides = {}): Config {
  const config: Record<string, Record<string, unknown>> = {}
  for (const [section, members] of Object.entries(settings)) {
    const values: Record<string, unknown> = {}
    const given = (overrides as Record<string, Record<string, unknown> | undefined>)[section]
    for (const [name, setting] of Object.entries(members) as [string, Setting<unknown>][])
      values[name] = given?.[name] ?? read(`${section}.${name}`, setting, env[setting.env]?.trim())
    config[section] = values
  }
  const { dataDir } = config.stores as { dataDir: string }
  config.stores!.dataDir = isAbsolute(dataDir) ? dataDir : resolve(dataDir)
  for (const values of Object.values(config)) Object.freeze(values)
  return Object.freeze(config) as unknown as Config
}

function read(name: string, setting: Setting<unknown>, found: string | undefined): unknown {
  if (found === undefined || found === '') return setting.default
  const value = setting.read(found)
  if (value !== undefined) return value
  const shown = setting.secret ? '(secret)' : found
  throw invalid(
    'setting_invalid',
    { setting: name, variable: setting.env, found: shown, expected: setting.expected },
    `${setting.env} is ${setting.secret ? 'not usable' : JSON.stringify(found)}; expected ${setting.expected}.`,
    'Correct the variable, or unset it to take the default.',
  )
}
