import { isAbsolute, resolve } from 'node:path'
import { invalid } from '#platform/errors'
import { type NamedSetting, type Setting, type sections, settings } from './settings.ts'

export { type Setting, settings } from './settings.ts'

type ValueOf<S> = S extends Setting<infer T> ? T : never
type Sections = typeof sections

/** The value of every setting, by section. */
export type Config = {
  readonly [Section in keyof Sections]: {
    readonly [Name in keyof Sections[Section]]: ValueOf<Sections[Section][Name]>
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
  for (const setting of settings) {
    const { section, name } = setting
    config[section] ??= {}
    const given = (overrides as Record<string, Record<string, unknown> | undefined>)[section]?.[name]
    config[section][name] = given ?? read(setting, env[setting.env]?.trim())
  }
  const { dataDir } = config.stores as { dataDir: string }
  config.stores!.dataDir = isAbsolute(dataDir) ? dataDir : resolve(dataDir)
  for (const values of Object.values(config)) Object.freeze(values)
  return Object.freeze(config) as unknown as Config
}

function read(setting: NamedSetting, found: string | undefined): unknown {
  if (found === undefined || found === '') return setting.default
  const value = setting.read(found)
  if (value !== undefined) return value
  const shown = setting.secret ? '(secret)' : found
  throw invalid(
    'setting_invalid',
    { setting: `${setting.section}.${setting.name}`, variable: setting.env, found: shown, expected: setting.expected },
    `${setting.env} is ${setting.secret ? 'not usable' : JSON.stringify(found)}; expected ${setting.expected}.`,
    'Correct the variable, or unset it to take the default.',
  )
}
