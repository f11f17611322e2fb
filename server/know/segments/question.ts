import { type Catalogue, catalogueFor, currentProfile, formulaEnvironment } from '#know/attributes'
import { forbidden, invalid, notFound, unavailable } from '#platform/errors'
import { type CompileError, compile, type Program } from '#platform/expressions'
import type { Runtime } from '#platform/runtime'
import { type Actor, may } from '#trust/access'
import { activeRevision, bankOf, compiled, documentsOf, type Revision } from '#trust/playbook'
import type { SegmentDocument } from './contract.ts'
import { type Rule, ranks } from './membership.ts'

export const compileRule = (catalogue: Catalogue, zone: string, rule: string) =>
  compile(formulaEnvironment(catalogue.fields, zone), rule, 'bool')

/** Attributes that may be absent and that a rule reads without asking whether they are there. */
export const defaultsReadBy = (catalogue: Catalogue, program: Program): string[] =>
  program.readsWithoutHas
    .filter((path) => path.startsWith('customer.'))
    .map((path) => path.slice('customer.'.length))
    .filter((id) => catalogue.byId.get(id)?.always === false)

/** The segments of a revision with their rules compiled; those with flawed rules have no members. */
export const rulesOf = (revision: Pick<Revision, 'documents'>): readonly Rule[] =>
  compiled(revision, 'know/segments:rules', () => {
    const { zone } = bankOf(revision)
    return documentsOf<SegmentDocument>(revision, 'segment').flatMap((document) => {
      const result = compileRule(catalogueFor(revision), zone, document.rule)
      return result.ok ? [{ document, program: result.program }] : []
    })
  })

/** Everything a count needs: where the rule looks, what it is, and how it reads in the lake. */
export interface Question {
  revision: Revision
  catalogue: Catalogue
  generation: number
  table: string
  asOf: string
  zone: string
  program: Program
  /** Who belongs: by the rule, and for a segment of a group by those that go before it. */
  admits: string
  error: string
  defaults: string[]
}

export async function ask(
  rt: Runtime,
  asked: { rule?: string | undefined; segment?: string | undefined },
): Promise<Question> {
  const revision = await activeRevision(rt)
  const catalogue = catalogueFor(revision)
  if ((asked.rule === undefined) === (asked.segment === undefined))
    throw invalid('rule_or_segment', {}, 'Ask with a rule or with a segment.', 'Send one of the two.')
  const { zone } = bankOf(revision)
  const rule = asked.rule ?? ruleNamed(revision, asked.segment!)
  const result = compileRule(catalogue, zone, rule)
  if (!result.ok) throw refusal(result.errors)
  const profile = await currentProfile(rt, revision)
  if (!profile)
    throw unavailable(
      'attributes_not_computed',
      {},
      'The attributes of this playbook are not computed yet.',
      'Compute them: POST /api/know/attributes/computations.',
    )
  const exclusive = asked.segment === undefined ? undefined : exclusively(revision, asked.segment)
  const { admits, error } = result.program.sql()
  return {
    revision,
    catalogue,
    generation: profile.generation,
    table: profile.table,
    asOf: profile.asOf,
    zone,
    program: result.program,
    admits: exclusive ?? admits,
    error,
    defaults: defaultsReadBy(catalogue, result.program),
  }
}

export function ruleNamed(revision: Revision, segment: string): string {
  const document = documentsOf<SegmentDocument>(revision, 'segment').find(({ id }) => id === segment)
  if (!document)
    throw notFound(
      'no_such_segment',
      { segment },
      `The active playbook has no segment "${segment}".`,
      'List them: GET /api/know/segments.',
    )
  return document.rule
}

/** The rule of a segment of a group, without those whom a segment of higher priority takes. */
export function exclusively(revision: Pick<Revision, 'documents'>, segment: string): string | undefined {
  const rules = rulesOf(revision)
  const own = rules.find(({ document }) => document.id === segment)
  if (!own || own.document.group === undefined) return undefined
  const above = rules.filter(({ document }) => document.group === own.document.group && ranks(document, own.document))
  return [own.program.sql().admits, ...above.map(({ program }) => `not ${program.sql().admits}`)].join(' and ')
}

function refusal(errors: readonly CompileError[]) {
  const { at, line, column, found, expected, message } = errors[0]!
  return invalid(
    'rule_refused',
    { at, line, column, found, expected, errors: errors.length },
    message,
    'Mend the rule at this place.',
  )
}

/** Refuses columns that there are not, and values to whoever may count but not look. */
export async function mustShow(rt: Runtime, actor: Actor, columns: readonly string[] | undefined): Promise<void> {
  if (columns === undefined || columns.length === 0) return
  if (!may(actor, 'know.attributes:view'))
    throw forbidden(
      'permission_missing',
      { needs: 'know.attributes:view' },
      'Seeing attributes of single customers needs the permission know.attributes:view.',
      'Ask without columns.',
    )
  const known = catalogueFor(await activeRevision(rt)).byId
  const found = columns.find((id) => !known.has(id))
  if (found !== undefined)
    throw invalid(
      'no_such_attribute',
      { found },
      `There is no attribute "${found}".`,
      'List them: GET /api/know/attributes.',
    )
}
