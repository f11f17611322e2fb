/**
 * What became of an action in a decision: one byte each. Above 9 the numbers follow the order in which things are
 * checked, so of an action's treatments the one with the highest number got furthest, and its verdict is the action's.
 */
export const VERDICTS = {
  shown: 1,
  /** May be said, and others came first. */
  outranked: 2,
  /** May be said, and doing nothing is worth as much. */
  below_nothing: 3,
  /** Won a place, and the household is in a control arm. */
  withheld: 4,
  /** The action that does nothing. */
  nothing: 5,
  stopped: 10,
  no_treatment: 11,
  product_rule: 20,
  credit_rule: 21,
  feed_late: 22,
  eligibility: 23,
  applicability: 24,
  suitability: 25,
  standing: 30,
  authority: 31,
  consent: 32,
  quiet_time: 33,
  cap: 34,
  rest: 35,
  offer_ended: 40,
  value_error: 41,
  customer_value: 42,
  score_error: 43,
} as const

export type VerdictName = keyof typeof VERDICTS

const NAMES = new Map<number, VerdictName>(
  Object.entries(VERDICTS).map(([name, code]) => [code, name as VerdictName] as const),
)

/** The name of a stored verdict; a byte from a later engine is a RangeError. */
export function verdictName(code: number): VerdictName {
  const name = NAMES.get(code)
  if (!name) throw new RangeError(`no verdict has the number ${code}: the decision was made by a later engine`)
  return name
}

/** Why something was left out: the stage, the rule, what was found and what was needed. */
export interface Reason {
  stage: VerdictName
  /** 'issue grow', 'action goal_saver', 'treatment goal_saver_app' or 'always' for rules that no playbook can lift. */
  level: string
  /** The clause, cap, rest or built-in rule. */
  clause: string
  title: string
  found: string
  needed: string
}

/** A fact as a reason shows it: short, telling absent from zero, and never telling of a silent crime block. */
export function shownFact(value: unknown): string {
  if (value === null || value === undefined) return 'absent'
  const told = Array.isArray(value) ? value.filter((item) => item !== 'crime_block') : value
  const text = typeof told === 'string' ? told : (JSON.stringify(told) ?? String(told))
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}
