import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CompileError } from './errors.ts'
import { compile, environment, type Facts, isError, type Program, type ValueType } from './index.ts'

/**
 * CEL's public conformance cases, run on this language. A case is passed, failed or excluded, and it is excluded by a
 * rule about the language, never by its name: cases that nobody here has seen are judged by the same rules.
 */
export const CONFORMANCE_FOLDER = join(import.meta.dirname, '../../../../shared/data/cel')

export const hasConformanceCases = (): boolean => existsSync(CONFORMANCE_FOLDER)

interface Case {
  name: string
  expr: string
  disableCheck?: boolean
  typeEnv?: { name: string; ident?: { type: unknown }; function?: unknown }[]
  bindings?: Record<string, { value: Record<string, unknown> }>
  value?: Record<string, unknown>
  evalError?: unknown
  [key: string]: unknown
}

export interface Verdict {
  file: string
  section: string
  name: string
  expr: string
  outcome: 'passed' | 'failed' | 'excluded'
  /** Why it is excluded, or what was found instead of what was expected. */
  reason?: string
  /** For the SQL backend: the compiled program and what it must give; undefined with an error expected. */
  program?: Program
  expected?: unknown
}

/** Why a case can be left out. Published in docs/reference/expressions-conformance.md. */
export const REASONS: Record<string, string> = {
  'unsigned integers': 'Amounts and counts of a bank are signed; one integer type has one rule for overflow.',
  'integers beyond ±2⁵³':
    'Integers are exact in a JavaScript number, a double and an Int64 alike; larger literals are refused.',
  bytes: 'No attribute of a customer is a string of bytes.',
  maps: 'Facts are attributes with declared types; there is nothing to look up by a computed key.',
  null: 'An absent value reads as its default and has() tells whether it is there, so nothing is ever null.',
  messages: 'Protocol-buffer messages and their wrappers, enums and Any belong to other hosts of CEL.',
  'types as values': 'Every type is known when a rule is written; type() has nothing left to say.',
  'lists of mixed types': 'A list has one type of element, in both backends.',
  'types known only at run time':
    'The case turns the type check off, or hides a type with dyn(), and expects the value; here the check always runs.',
  'names without a declaration': 'The case reads a name or calls a function that nobody declared.',
  'times finer than a millisecond':
    'Instants and durations are whole milliseconds, as the stores keep them; a finer literal is refused.',
  'optional values': 'has() and defaults do what optional values do.',
  'functions of extension libraries':
    'Only the functions listed in the language reference exist; the error names the nearest one.',
  'names in quotes, in a container or with a leading dot': 'Names are namespace.attribute.',
  'numbers that begin with a point': 'The parser takes 0.5 and not .5, and says so.',
  'results seen through evaluation with unknown values': 'Facts are complete or absent; there are no partial results.',
  'regular expressions or zones that are computed':
    'They must be written out, so that they are checked when the rule is written.',
  'macros over two variables': 'Lists are walked one item at a time.',
}

interface CaseFile {
  name: string
  section: { name: string; test: Case[] }[]
}

export function conformanceVerdicts(folder = CONFORMANCE_FOLDER): Verdict[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return files.sort().flatMap((file) => {
    const { section } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CaseFile
    return section.flatMap(({ name, test }) =>
      test.map((each) => ({ file, section: name, name: each.name, expr: each.expr, ...judge(each) })),
    )
  })
}

type Judgement = Pick<Verdict, 'outcome' | 'reason' | 'program' | 'expected'>

function judge(test: Case): Judgement {
  const fields: Record<string, { type: ValueType }> = {}
  const facts: Record<string, unknown> = {}
  for (const { name, ident } of test.typeEnv ?? []) {
    if (['true', 'false', 'null'].includes(name)) continue
    if (!ident) return excluded('names without a declaration')
    const type = typeOf(ident.type)
    if ('reason' in type) return excluded(type.reason)
    fields[name] = type
  }
  for (const [name, { value }] of Object.entries(test.bindings ?? {})) {
    if (!fields[name]) continue
    const bound = readValue(value)
    if ('reason' in bound) return excluded(bound.reason)
    facts[name] = outward(bound.value)
  }
  const expectsError = test.evalError !== undefined || test.evalErrors !== undefined
  const compiled = compile(environment({ '': { fields } }), test.expr)
  if (!compiled.ok) return refused(test, compiled.errors[0]!, expectsError)
  const { program } = compiled
  if (test.container && program.reads.length > 0)
    return excluded('names in quotes, in a container or with a leading dot')
  const found = program.evaluate({ '': facts } as Facts)
  if (expectsError) {
    return isError(found)
      ? { outcome: 'passed', program }
      : { outcome: 'failed', reason: `found ${show(found)}, expected an error`, program }
  }
  if (test.unknown !== undefined || test.anyUnknowns !== undefined)
    return excluded('results seen through evaluation with unknown values')
  const typed = test.typedResult as { result?: Record<string, unknown> } | undefined
  if (typed && !typed.result) return excluded('types as values')
  const wanted = readValue(typed?.result ?? test.value ?? { boolValue: true })
  if ('reason' in wanted) return excluded(wanted.reason)
  const expected = outward(wanted.value)
  if (!isError(found) && show(found) === show(expected)) return { outcome: 'passed', program, expected }
  return { outcome: 'failed', reason: `found ${show(found)}, expected ${show(expected)}`, program }
}

const excluded = (reason: string): Judgement => ({ outcome: 'excluded', reason })

/** A case whose expression is refused: as CEL wants it, for a reason of the language, or wrongly. */
function refused(test: Case, error: CompileError, expectsError: boolean): Judgement {
  if (/\boptional\./.test(test.expr)) return excluded('optional values')
  if (error.code === 'not_in_subset') return excluded(error.feature!)
  const byGrammar = grammarReason(test.expr, error)
  if (byGrammar) return excluded(byGrammar)
  if (
    error.code === 'unknown_name' &&
    /\b(math|strings|base64|cel|sets|lists|regex|proto|net|ip|cidr)\.\w+\(/.test(test.expr)
  )
    return excluded('functions of extension libraries')
  // Only a case about unbound names is met by refusing an unknown function.
  const isUnbound = /unbound|undeclared/.test(JSON.stringify(test.evalError ?? ''))
  if (error.code === 'unknown_function' && !isUnbound && (expectsError || !test.disableCheck)) {
    return excluded('functions of extension libraries')
  }
  // CEL's own checker or evaluation refuses it too: here it is never accepted in the first place.
  if (expectsError) return { outcome: 'passed' }
  if (error.code === 'needs_literal') return excluded('regular expressions or zones that are computed')
  if (error.code === 'unknown_name' || error.code === 'unknown_function') return excluded('names without a declaration')
  if (error.code === 'wrong_type' && (test.disableCheck || /\bdyn\(/.test(test.expr)))
    return excluded('types known only at run time')
  if (error.code === 'bad_literal' && error.found === 'an empty list') return excluded('types known only at run time')
  if (error.code === 'wrong_type' && ('typeValue' in (test.value ?? {}) || test.typedResult))
    return excluded('types as values')
  return { outcome: 'failed', reason: error.message }
}

function grammarReason(expr: string, error: CompileError): string | undefined {
  const here = expr.slice(error.at)
  if (error.code === 'syntax') {
    if (/^\{/.test(here) && /[A-Za-z_.]\w*\s*\{/.test(expr)) return 'messages'
    if (/^\.\d/.test(here)) return 'numbers that begin with a point'
    if (/^\?/.test(here)) return 'optional values'
    if (/^[`.]/.test(here)) return 'names in quotes, in a container or with a leading dot'
    if (/\b[bB][rR]['"]/.test(expr)) return 'bytes'
    if (/macro|iteration variable/.test(error.found)) return 'macros over two variables'
  }
  if (error.code === 'unknown_name' && /google\.|TestAllTypes|GlobalEnum|NestedEnum|proto[23]/.test(expr))
    return 'messages'
  if (/\.(exists|existsOne|exists_one|all|transform\w*)\(\w+, \w+, /.test(expr) && !expr.includes('{'))
    return 'macros over two variables'
  return undefined
}

type Known<T> = T | { reason: string }

function typeOf(type: unknown): Known<{ type: ValueType }> {
  const { primitive, listType, mapType, messageType, wellKnown } = type as Record<string, unknown>
  const scalar: Record<string, ValueType> = { INT64: 'int', DOUBLE: 'double', BOOL: 'bool', STRING: 'string' }
  if (typeof primitive === 'string') {
    if (scalar[primitive]) return { type: scalar[primitive] }
    return { reason: primitive === 'UINT64' ? 'unsigned integers' : 'bytes' }
  }
  if (messageType === 'google.protobuf.Duration' || wellKnown === 'DURATION') return { type: 'duration' }
  if (messageType === 'google.protobuf.Timestamp' || wellKnown === 'TIMESTAMP') return { type: 'timestamp' }
  if (messageType !== undefined || wellKnown !== undefined) return { reason: 'messages' }
  if (mapType) return { reason: 'maps' }
  if (listType) {
    const element = typeOf((listType as { elemType: unknown }).elemType)
    return 'reason' in element ? element : { type: `list<${element.type}>` }
  }
  return { reason: 'null' in (type as object) ? 'null' : 'types known only at run time' }
}

/** A value of the cases in the outside form; a duration and an instant still as text. */
function readValue(value: Record<string, unknown>): Known<{ value: unknown }> {
  const [kind, content] = Object.entries(value)[0]!
  switch (kind) {
    case 'int64Value':
      return Number.isSafeInteger(Number(content)) ? { value: Number(content) } : { reason: 'integers beyond ±2⁵³' }
    case 'doubleValue':
      return { value: Number(content) }
    case 'boolValue':
    case 'stringValue':
      return { value: content }
    case 'listValue': {
      const items = ((content as { values?: Record<string, unknown>[] }).values ?? []).map(readValue)
      return (
        items.find((item) => 'reason' in item) ?? { value: items.map((item) => (item as { value: unknown }).value) }
      )
    }
    case 'objectValue': {
      const { '@type': type, value: text } = content as { '@type': string; value: string }
      if (/\.(Duration|Timestamp)$/.test(type))
        return /\.\d{3}\d*[1-9]/.test(text)
          ? { reason: 'times finer than a millisecond' }
          : { value: { [type.split('.').at(-1)!]: text } }
      return { reason: 'messages' }
    }
  }
  const reasons: Record<string, string> = {
    uint64Value: 'unsigned integers',
    bytesValue: 'bytes',
    mapValue: 'maps',
    nullValue: 'null',
    typeValue: 'types as values',
    enumValue: 'messages',
  }
  return { reason: reasons[kind] ?? 'messages' }
}

function outward(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(outward)
  if (typeof value !== 'object' || value === null) return value
  const { Duration, Timestamp } = value as { Duration?: string; Timestamp?: string }
  return Timestamp === undefined ? Number(Duration!.slice(0, -1)) * 1000 : new Date(Timestamp)
}

/** Text in which two values are the same only when they are: JSON with NaN and infinities; −0 is written as 0, as CEL's == sees it. */
export const show = (value: unknown): string =>
  isError(value)
    ? `the error '${value.message}'`
    : JSON.stringify(value, (_, each) => (typeof each === 'number' && !Number.isFinite(each) ? `number ${each}` : each))
