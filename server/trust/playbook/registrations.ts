import type { Runtime } from '#platform/runtime'
import type { Revision } from './kind.ts'

/** What a change would do, in one sentence and its figures: '1,204 of 20,000 customers would get another action'. */
export interface Effect {
  name: string
  text: string
  figures: { figure: string; value: number; unit: string }[]
  /** Some of those it concerns, for instance the actions that gain and lose. */
  examples?: { what: string; before: string; after: string; count: number }[]
  /** How many go from what to what in each place, those who stay included: what a picture of flows needs. */
  flows?: {
    where: string
    before: string
    beforeTitle: string
    after: string
    afterTitle: string
    count: number
  }[]
}

/** How thoroughly an effect is worked out, and who is told how far it is. */
export interface EffectOptions {
  /** Everybody, instead of an even sample. */
  whole?: boolean
  progress?: (done: number, total: number) => Promise<void>
}

/** Works out one effect of going from one revision to another; reads only. */
export type EffectOf = (
  rt: Runtime,
  change: { from: Revision; to: Revision },
  signal?: AbortSignal,
  options?: EffectOptions,
) => Promise<Effect>

/** Makes what a server needs before it can run a revision; throws when it can't. Run again, it does no harm. */
export type Prepare = (rt: Runtime, revision: Revision) => Promise<void>

// Filled while the process wires itself (app/modules.ts): what must go up is a registration, never an import.
const effects = new Map<string, EffectOf>()
const preparations = new Map<string, Prepare>()
const looks = new Map<string, (rt: Runtime) => Promise<void>>()

/** A higher layer says what changes of the playbook mean to it. `name` is unique: 'decide/decisions:next_actions'. */
export const onEffect = (name: string, effectOf: EffectOf): void => void effects.set(name, effectOf)

/** A higher layer makes itself ready for a revision, on every server, before it runs. `name` is unique. */
export const onPrepare = (name: string, prepare: Prepare): void => void preparations.set(name, prepare)

export async function effectsOf(
  rt: Runtime,
  change: { from: Revision; to: Revision },
  signal?: AbortSignal,
  options?: EffectOptions,
): Promise<Effect[]> {
  const found: Effect[] = []
  for (const effectOf of effects.values()) found.push(await effectOf(rt, change, signal, options))
  return found
}

export const registeredPreparations = (): ReadonlyMap<string, Prepare> => preparations

/** Something else that a following server keeps fresh in memory, each time it looks. `name` is unique. */
export const onLook = (name: string, look: (rt: Runtime) => Promise<void>): void => void looks.set(name, look)

export const registeredLooks = (): Iterable<(rt: Runtime) => Promise<void>> => looks.values()
