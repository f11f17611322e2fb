import { type Action, type Catalogue, compiled, type Treatment } from '#decide/propositions'
import { type Dependence, dependenceIn } from '#know/sources'
import { type Environment, isError, type Program } from '#platform/expressions'
import { type DocumentSet, documentsOf } from '#trust/playbook'
import type { Clause, PolicyDocument } from './contract.ts'
import { type Reason, shownFact, VERDICTS } from './verdict.ts'

export const STAGES = ['eligibility', 'applicability', 'suitability'] as const
export type Stage = (typeof STAGES)[number]

/** Facts as expressions read them. */
export type RuleFacts = {
  readonly customer: Readonly<Record<string, unknown>>
  readonly context: Readonly<Record<string, unknown>>
}

/** One clause, compiled. One document's clause that holds at several places is one of these, and is evaluated once. */
export interface CompiledClause {
  /** Its place in `Policies.clauses`. */
  readonly index: number
  readonly id: string
  readonly title: string
  readonly policy: string
  readonly level: string
  readonly stage: Stage
  readonly kind: 'admits' | 'excludes'
  readonly source: string
  readonly program: Program
  /** The conditions joined by && at its top, each by itself; compiled when a reason is first asked for. */
  readonly parts: () => readonly Program[]
  /** Feeds that it names, and those that deliver what it reads. */
  readonly feeds: readonly string[]
}

/** Which clauses hold for which action and treatment, in the order they are tried: stage by stage, widest level first. */
export interface Policies {
  readonly clauses: readonly CompiledClause[]
  readonly ofAction: readonly (readonly CompiledClause[])[]
  readonly ofTreatment: readonly (readonly CompiledClause[])[]
}

type Level = 'issue' | 'group' | 'action' | 'treatment'
const LEVELS: readonly Level[] = ['issue', 'group', 'action', 'treatment']
const TARGETS = { issue: 'issues', group: 'groups', action: 'actions', treatment: 'treatments' } as const

/** Compiles every policy of a revision. */
export function policiesOf(documents: DocumentSet, catalogue: Catalogue, env: Environment): Policies {
  const clauses: CompiledClause[] = []
  const dependence = dependenceIn(documents)
  const at = new Map<string, CompiledClause[]>()
  for (const policy of documentsOf<PolicyDocument>({ documents }, 'policy'))
    for (const stage of STAGES)
      for (const clause of policy[stage] ?? [])
        for (const level of LEVELS)
          for (const target of policy.appliesTo[TARGETS[level]] ?? []) {
            const added = compileClause(env, dependence, clause, policy.id, stage, `${level} ${target}`, clauses)
            const key = `${level} ${target}`
            at.set(key, [...(at.get(key) ?? []), added])
          }
  const levelsOf = (action: Action): string[] => [
    `issue ${action.issue}`,
    `group ${action.group}`,
    `action ${action.id}`,
  ]
  const inOrder = (keys: string[]): CompiledClause[] => {
    const found = keys.flatMap((key) => at.get(key) ?? [])
    return STAGES.flatMap((stage) => found.filter((clause) => clause.stage === stage))
  }
  return {
    clauses,
    ofAction: catalogue.actions.map((action) => inOrder(levelsOf(action))),
    ofTreatment: catalogue.treatments.map((treatment) => inOrder([`treatment ${treatment.id}`])),
  }
}

// The same clause of the same policy at another target shares its program.
function compileClause(
  env: Environment,
  dependence: Dependence,
  clause: Clause,
  policy: string,
  stage: Stage,
  level: string,
  clauses: CompiledClause[],
): CompiledClause {
  const kind = 'admits' in clause ? 'admits' : 'excludes'
  const source = 'admits' in clause ? clause.admits : clause.excludes
  const twin = clauses.find((other) => other.policy === policy && other.id === clause.id && other.stage === stage)
  const program = twin?.program ?? compiled(env, source, 'bool', `policies/${policy} ${stage}.${clause.id}`)
  let parts: readonly Program[] | undefined
  const added: CompiledClause = {
    index: clauses.length,
    id: clause.id,
    title: clause.title,
    policy,
    level,
    stage,
    kind,
    source,
    program,
    parts: () => {
      parts ??= program.clauses().map((part) => compiled(env, part.source, 'bool', `policies/${policy} ${clause.id}`))
      return parts
    },
    feeds: [...new Set([...(clause.feeds ?? []), ...dependence.of(program.reads)])],
  }
  clauses.push(added)
  return added
}

/** Whether a clause keeps the customer out: an admitting one unless it is true, an excluding one unless it is false. */
export const keepsOut = (clause: CompiledClause, facts: RuleFacts): boolean =>
  clause.kind === 'admits' ? !clause.program.admits(facts) : clause.program.excludes(facts)

/**
 * The first verdict of clauses tried in order, 0 when all let the customer through. With `trace`, every clause is
 * tried and each that keeps the customer out says why.
 */
export function clausesVerdict(
  clauses: readonly CompiledClause[],
  facts: RuleFacts,
  lateFeeds: ReadonlySet<string>,
  trace?: Reason[],
): number {
  let verdict = 0
  for (const clause of clauses) {
    const late = lateFeeds.size > 0 ? clause.feeds.filter((feed) => lateFeeds.has(feed)) : []
    if (late.length > 0) {
      verdict ||= VERDICTS.feed_late
      if (!trace) return verdict
      trace.push(lateReason(clause.level, clause.id, late))
      continue
    }
    if (!keepsOut(clause, facts)) continue
    verdict ||= VERDICTS[clause.stage]
    if (!trace) return verdict
    trace.push(clauseReason(clause, facts))
  }
  return verdict
}

/** Feeds of the action itself, named or behind its value. */
export function feedsVerdict(action: Action, lateFeeds: ReadonlySet<string>, trace?: Reason[]): number {
  if (lateFeeds.size === 0) return 0
  const late = action.feeds.filter((feed) => lateFeeds.has(feed))
  if (late.length === 0) return 0
  trace?.push(lateReason(`action ${action.id}`, 'feeds', late))
  return VERDICTS.feed_late
}

const lateReason = (level: string, clause: string, late: readonly string[]): Reason => ({
  stage: 'feed_late',
  level,
  clause,
  title: 'Rests on a feed that is late or does not balance',
  found: `${late.join(', ')} late`,
  needed: 'the feed of the last business day, balanced',
})

/** What a clause found, fact by fact, and what it needed: of conditions joined by && only those that failed. */
export function clauseReason(clause: CompiledClause, facts: RuleFacts): Reason {
  const result = clause.program.evaluate(facts)
  const failed = clause.kind === 'admits' ? clause.parts().filter((part) => !part.admits(facts)) : []
  const reads = failed.length > 0 ? [...new Set(failed.flatMap((part) => part.reads))] : clause.program.reads
  const found = reads.map((path) => `${path} = ${shownFact(factAt(facts, path))}`)
  if (isError(result)) found.push(`error: ${result.message}`)
  return {
    stage: clause.stage,
    level: clause.level,
    clause: clause.id,
    title: clause.title,
    found: found.join(', '),
    needed:
      clause.kind === 'excludes'
        ? `not (${clause.source})`
        : failed.length > 0
          ? failed.map((part) => part.source).join(' && ')
          : clause.source,
  }
}

function factAt(facts: RuleFacts, path: string): unknown {
  const dot = path.indexOf('.')
  const namespace = path.slice(0, dot) as keyof RuleFacts
  return facts[namespace]?.[path.slice(dot + 1)]
}

/** The feeds behind a treatment's variables, then the first treatment-level clause that keeps it out. */
export function treatmentVerdict(
  policies: Policies,
  treatment: Treatment,
  facts: RuleFacts,
  lateFeeds: ReadonlySet<string>,
  trace?: Reason[],
): number {
  const late = lateFeeds.size > 0 ? treatment.feeds.filter((feed) => lateFeeds.has(feed)) : []
  if (late.length > 0) {
    if (!trace) return VERDICTS.feed_late
    trace.push(lateReason(`treatment ${treatment.id}`, 'variables', late))
  }
  const verdict = clausesVerdict(policies.ofTreatment[treatment.index]!, facts, lateFeeds, trace)
  return late.length > 0 ? VERDICTS.feed_late : verdict
}
