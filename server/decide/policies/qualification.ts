import { dayNumber, dayOfNumber } from '#platform/clock'
import type { Environment, Program, SimpleClause } from '#platform/expressions'
import { type CompiledClause, type Policies, type RuleFacts, STAGES } from './clauses.ts'
import { VERDICTS } from './verdict.ts'

/**
 * The clauses of all actions turned round: per attribute, which actions are still possible for each value or interval
 * between values. A customer's qualifying actions are the AND of one look-up per attribute; what asks more than one
 * thing of one attribute is tried on the survivors only.
 */
export interface Qualification {
  readonly words: number
  readonly tables: readonly Table[]
  /** By stage and action: what could not be turned round. */
  readonly rest: readonly (readonly (readonly Test[])[])[]
}

type Test = (facts: RuleFacts) => boolean

/** One attribute: rows of bits, each row three stages of `words` words, a bit set where the action is still possible. */
export interface Table {
  readonly namespace: string
  readonly name: string
  /** The row a value falls in; -1: not a value of the attribute's type, so everything is tried by itself. */
  readonly rowsOf: (value: unknown) => readonly number[] | number
  readonly bits: Uint32Array
}

/** A condition on one attribute that an action's stage needs to be true (or, negated, false). */
interface Atom {
  readonly action: number
  readonly stage: number
  readonly simple: SimpleClause
  readonly wanted: boolean
}

/** Builds the index of a set of policies over so many actions. */
export function qualificationOf(policies: Policies, env: Environment): Qualification {
  const actions = policies.ofAction.length
  const atoms = new Map<string, Atom[]>()
  const rest = STAGES.map(() => policies.ofAction.map((): Test[] => []))
  for (let action = 0; action < actions; action++)
    for (const clause of policies.ofAction[action]!) {
      const stage = STAGES.indexOf(clause.stage)
      for (const part of partsOf(clause)) {
        if ('test' in part || !canIndex(part.simple, env)) rest[stage]![action]!.push(testOf(clause, part.program))
        else {
          const list = atoms.get(part.simple.path)
          const atom = { action, stage, simple: part.simple, wanted: clause.kind === 'admits' }
          if (list) list.push(atom)
          else atoms.set(part.simple.path, [atom])
        }
      }
    }
  const words = Math.max(1, Math.ceil(actions / 32))
  return { words, rest, tables: [...atoms].flatMap(([path, list]) => tablesOf(path, list, env, words)) }
}

type Part = { program: Program; simple: SimpleClause } | { program: Program; test: true }

// Of conditions joined by && each can be looked up by itself: an admitting clause needs them all, and an error in one
// keeps the customer out whatever the others say. An excluding clause is kept whole unless it is one condition.
function partsOf(clause: CompiledClause): Part[] {
  const found = clause.program.clauses()
  if (clause.kind === 'excludes' && found.length > 1) return [{ program: clause.program, test: true }]
  return found.map(({ simple }, place) => {
    const program = found.length === 1 ? clause.program : clause.parts()[place]!
    return simple ? { program, simple } : { program, test: true }
  })
}

const testOf = (clause: CompiledClause, program: Program): Test =>
  clause.kind === 'admits' ? (facts) => program.admits(facts) : (facts) => !program.excludes(facts)

const NUMBERS = new Set(['int', 'double', 'date', 'timestamp'])

function canIndex(simple: SimpleClause, env: Environment): boolean {
  const field = fieldOf(simple.path, env)
  if (!field) return false
  if (simple.kind === 'interval') return NUMBERS.has(simple.type)
  if (simple.kind === 'one_of') return NUMBERS.has(simple.type) || simple.type === 'string'
  if (simple.kind === 'member') return field.type === 'list<string>' && typeof simple.value === 'string'
  return true
}

const fieldOf = (path: string, env: Environment) => {
  const [namespace, name] = split(path)
  return env.namespaces.get(namespace)?.get(name)
}
const split = (path: string): [string, string] => {
  const dot = path.indexOf('.')
  return [path.slice(0, dot), path.slice(dot + 1)]
}

function tablesOf(path: string, atoms: readonly Atom[], env: Environment, words: number): Table[] {
  const [namespace, name] = split(path)
  const field = fieldOf(path, env)!
  const presence = atoms.filter(({ simple }) => simple.kind === 'presence')
  const values = atoms.filter(({ simple }) => simple.kind !== 'presence')
  const table = (
    rowsOf: Table['rowsOf'],
    of: readonly Atom[],
    rows: number,
    holds: (atom: Atom, row: number) => boolean,
  ) => ({
    namespace,
    name,
    rowsOf,
    bits: bitsOf(of, rows, words, holds),
  })
  const tables: Table[] = []
  if (presence.length > 0)
    tables.push(
      table(
        (value) => (value === null || value === undefined ? 0 : 1),
        presence,
        2,
        ({ simple }, row) => simple.kind === 'presence' && simple.is === (row === 1),
      ),
    )
  if (values.length === 0) return tables
  if (field.type === 'bool')
    tables.push(
      table(
        (value) => {
          const truth = value ?? field.default
          return typeof truth === 'boolean' ? Number(truth) : -1
        },
        values,
        2,
        ({ simple }, row) => simple.kind === 'truth' && simple.is === (row === 1),
      ),
    )
  else if (field.type === 'string') {
    const known = [
      ...new Set(values.flatMap(({ simple }) => (simple.kind === 'one_of' ? (simple.values as string[]) : []))),
    ]
    const rowOf = new Map(known.map((text, row) => [text, row]))
    tables.push(
      table(
        (value) => {
          const text = value ?? field.default
          return typeof text === 'string' ? (rowOf.get(text) ?? known.length) : -1
        },
        values,
        known.length + 1,
        ({ simple }, row) =>
          simple.kind === 'one_of' && (row < known.length && simple.values.includes(known[row]!)) !== simple.negated,
      ),
    )
  } else if (field.type === 'list<string>')
    tables.push(memberTable(table, values, field.default as string[], field.itemsMax))
  else tables.push(numberTable(table, values, field.type, field.default as number))
  return tables
}

type MakeTable = (
  rowsOf: Table['rowsOf'],
  of: readonly Atom[],
  rows: number,
  holds: (atom: Atom, row: number) => boolean,
) => Table

// A list has a row for each word that a clause asks after, once for having it and once for not.
function memberTable(table: MakeTable, atoms: readonly Atom[], absent: readonly string[], itemsMax: number): Table {
  const known = [...new Set(atoms.flatMap(({ simple }) => (simple.kind === 'member' ? [simple.value as string] : [])))]
  return table(
    (value) => {
      const list = value ?? absent
      if (!Array.isArray(list) || list.length > itemsMax || !list.every((item) => typeof item === 'string')) return -1
      return known.map((word, place) => 2 * place + Number(list.includes(word)))
    },
    atoms,
    2 * known.length,
    ({ simple, wanted }, row) => {
      // A row about another word says nothing of this one.
      if (simple.kind !== 'member' || simple.value !== known[row >> 1]) return wanted
      return ((row & 1) === 1) !== simple.negated
    },
  )
}

// A number has a row for each value that a clause names and one for each gap between them: 2k + 1 at the k-th value,
// 2k before it.
function numberTable(table: MakeTable, atoms: readonly Atom[], type: string, absent: number): Table {
  const bounds = [
    ...new Set(
      atoms.flatMap(({ simple }) => {
        if (simple.kind === 'one_of') return simple.values as number[]
        if (simple.kind !== 'interval') return []
        return [simple.low, simple.high].flatMap((bound) => (bound ? [bound.value as number] : []))
      }),
    ),
  ].sort((a, b) => a - b)
  return table(
    (value) => {
      const number = value === null || value === undefined ? absent : inside(type, value)
      if (number === undefined || Number.isNaN(number)) return -1
      let low = 0
      let high = bounds.length
      while (low < high) {
        const middle = (low + high) >> 1
        if (bounds[middle]! < number) low = middle + 1
        else high = middle
      }
      return bounds[low] === number ? 2 * low + 1 : 2 * low
    },
    atoms,
    2 * bounds.length + 1,
    ({ simple }, row) => {
      const at = row & 1 ? bounds[row >> 1]! : undefined
      if (simple.kind === 'one_of') return (at !== undefined && simple.values.includes(at)) !== simple.negated
      if (simple.kind !== 'interval') return false
      const { low, high } = simple as {
        low?: { value: number; inclusive: boolean }
        high?: { value: number; inclusive: boolean }
      }
      const from = at ?? bounds[(row >> 1) - 1] ?? Number.NEGATIVE_INFINITY
      const to = at ?? bounds[row >> 1] ?? Number.POSITIVE_INFINITY
      const above = !low || from > low.value || (from === low.value && (at === undefined || low.inclusive))
      const below = !high || to < high.value || (to === high.value && (at === undefined || high.inclusive))
      return above && below
    },
  )
}

/** The inside form of a number, date or instant; undefined when it is not one, and then nothing is looked up. */
function inside(type: string, value: unknown): number | undefined {
  if (type === 'date') {
    if (typeof value !== 'string' || value.length !== 10) return undefined
    const day = dayNumber(value)
    // A day that does not exist (31 February) is no date, though it parses as one of March.
    return !Number.isNaN(day) && (value.slice(8) <= '28' || dayOfNumber(day) === value) ? day : undefined
  }
  if (type === 'timestamp') return value instanceof Date ? value.getTime() : undefined
  if (typeof value !== 'number') return undefined
  return type === 'int' && !Number.isSafeInteger(value) ? undefined : value
}

function bitsOf(
  atoms: readonly Atom[],
  rows: number,
  words: number,
  holds: (atom: Atom, row: number) => boolean,
): Uint32Array {
  const width = STAGES.length * words
  const bits = new Uint32Array(rows * width).fill(0xffffffff)
  for (let row = 0; row < rows; row++)
    for (const atom of atoms)
      if (holds(atom, row) !== atom.wanted) {
        const word = row * width + atom.stage * words + (atom.action >> 5)
        bits[word] = bits[word]! & ~(1 << (atom.action & 31))
      }
  return bits
}

/**
 * The actions that each stage's indexed conditions leave, in `words` words per stage; undefined when some value is not
 * of its attribute's type, and every clause must be tried by itself.
 */
export function lookUp({ tables, words }: Qualification, facts: RuleFacts): Uint32Array | undefined {
  const width = STAGES.length * words
  const left = new Uint32Array(width).fill(0xffffffff)
  for (const { namespace, name, rowsOf, bits } of tables) {
    const rows = rowsOf(facts[namespace as keyof RuleFacts]?.[name])
    if (typeof rows === 'number') {
      if (rows < 0) return undefined
      for (let word = 0, at = rows * width; word < width; word++, at++) left[word] = left[word]! & bits[at]!
    } else
      for (const row of rows)
        for (let word = 0, at = row * width; word < width; word++, at++) left[word] = left[word]! & bits[at]!
  }
  return left
}

/** The verdict of an action's policies: the stage that leaves it out, 0 for none. `left` comes from `lookUp`. */
export function qualifiedVerdict(
  { words, rest }: Qualification,
  left: Uint32Array,
  action: number,
  facts: RuleFacts,
): number {
  for (let stage = 0; stage < STAGES.length; stage++) {
    if ((left[stage * words + (action >> 5)]! & (1 << (action & 31))) === 0) return VERDICTS[STAGES[stage]!]
    for (const test of rest[stage]![action]!) if (!test(facts)) return VERDICTS[STAGES[stage]!]
  }
  return 0
}
