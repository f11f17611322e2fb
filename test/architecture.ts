/**
 * The house rules as a pure function of the source text, so that the test can plant each kind of breach in an imagined
 * house and see it found. No compiler: it reads import lines and SQL text.
 */
export const LAYERS = ['platform', 'trust', 'know', 'decide', 'engage', 'learn', 'culture', 'app'] as const
export const FILE_LINES_MAX = 400

/** Path relative to the repository, with '/' → text. */
export type House = ReadonlyMap<string, string>

/** Files of a module that may touch the outside world; every other one is pure. */
const EFFECT_FILES = new Set(['index.ts', 'routes.ts', 'store.ts', 'jobs.ts', 'events.ts', 'check.ts'])
/** Modules whose whole purpose is the outside world. */
const EXEMPT_LAYERS = new Set(['platform', 'app'])

const IMPURITIES: [RegExp, string][] = [
  [/\bDate\.now\s*\(/, 'reads the machine’s clock'],
  [/\bnew Date\s*\(\s*\)/, 'reads the machine’s clock'],
  [/\bperformance\.(now|timeOrigin)\b/, 'reads the machine’s clock'],
  [/\bprocess\.(env|hrtime|argv|cwd|exit|memoryUsage)\b/, 'reaches the process'],
  [/\bMath\.random\s*\(/, 'draws chance'],
  [/\b(randomUUID|randomBytes|randomInt|randomFillSync|getRandomValues)\b/, 'draws chance'],
  [/\bfetch\s*\(/, 'calls the network'],
  [/\b(setTimeout|setInterval|setImmediate)\s*\(/, 'waits on the machine’s clock'],
]
const WORLDLY_DOORS = /^#platform\/(postgres|clickhouse|http|jobs|outbox|telemetry)$/
const PURE_NODE = new Set(['node:crypto', 'node:assert', 'node:assert/strict', 'node:buffer', 'node:util'])

const IMPORT =
  /(?:^|[\s;])(?:import|export)\s+(type\s+)?(?:[\w*{][^'"`;]*?\bfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"`]([^'"`]+)['"`]/g
const WRITES =
  /\b(insert\s+into|update|delete\s+from|merge\s+into|truncate(?:\s+table)?|copy)\s+(?:only\s+)?"?(platform|trust|know|decide|engage|learn|culture)"?\."?(\w+)/gi
const READS = /\b(?:from|join)\s+(?:only\s+)?"?(platform|trust|know|decide|engage|learn|culture)"?\."?(\w+)/gi

/** Text with its comments blanked, line breaks kept; strings stay, for SQL lives in them. */
function withoutComments(text: string): string {
  let out = ''
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    const two = c + (text[i + 1] ?? '')
    if (quote) {
      out += c
      if (c === '\\') out += text[++i] ?? ''
      else if (c === quote || (c === '\n' && quote !== '`')) quote = ''
    } else if (two === '//') {
      while (i < text.length && text[i] !== '\n') i++
      out += '\n'
    } else if (two === '/*') {
      const end = text.indexOf('*/', i + 2)
      const stop = end < 0 ? text.length : end + 2
      out += text.slice(i, stop).replace(/[^\n]/g, ' ')
      i = stop - 1
    } else {
      if (c === "'" || c === '"' || c === '`') quote = c
      out += c
    }
  }
  return out
}

const layerIndex = (layer: string): number => LAYERS.indexOf(layer as (typeof LAYERS)[number])

/** Normalises `a/b/../c` without touching the file system. */
function normalise(path: string): string {
  const kept: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') kept.pop()
    else if (part !== '.' && part !== '') kept.push(part)
  }
  return kept.join('/')
}

/** The tables a module's README says it owns, as `schema.table`. */
function tablesOwned(readme: string): Set<string> {
  const paragraph = /\*\*Tables\.\*\*([\s\S]*?)(?:\n\s*\n|\n\*\*|$)/.exec(readme)?.[1] ?? ''
  return new Set(
    [...paragraph.matchAll(/`((?:platform|trust|know|decide|engage|learn|culture)\.\w+)`/g)].map((m) => m[1]!),
  )
}

/** One sentence per broken rule, with the file and what to do instead. */
export function findBreaches(house: House): string[] {
  const breaches: string[] = []
  const modules = new Map<string, string[]>()
  const graph = new Map<string, Set<string>>()
  for (const [path, text] of house) {
    if (!path.startsWith('server/') || !path.endsWith('.ts')) continue
    const [, layer = '', module = ''] = path.split('/')
    const say = (sentence: string) => breaches.push(`${path}: ${sentence}`)
    if (layerIndex(layer) < 0) {
      say(`unknown layer "${layer}": the layers are ${LAYERS.join(', ')}`)
      continue
    }
    const isTest = path.endsWith('.test.ts')
    const lines = text.split('\n').length
    if (lines > FILE_LINES_MAX) say(`${lines} lines, the limit is ${FILE_LINES_MAX}: split it by what it talks about`)
    const here = module.endsWith('.ts') ? `${layer}/` : `${layer}/${module}`
    if (!module.endsWith('.ts')) modules.set(here, [...(modules.get(here) ?? []), path])
    const code = withoutComments(text)
    for (const imported of importsOf(code)) checkImport(path, here, isTest, imported, say, graph)
    if (EXEMPT_LAYERS.has(layer) || isTest) continue
    const file = path.split('/').at(-1)!
    if (!EFFECT_FILES.has(file))
      for (const found of impuritiesOf(code)) say(`a pure file ${found}: pass it in, or do it in index.ts or store.ts`)
    checkSql(code, layer, here, house, say)
  }
  for (const [module, files] of modules) checkModule(module, files, house, breaches)
  checkConsole(house, breaches)
  for (const cycle of cyclesOf(graph))
    breaches.push(`cycle: ${cycle.join(' → ')}: publish an event, or move what both need down`)
  return breaches
}

interface Imported {
  specifier: string
  typeOnly: boolean
}

function importsOf(code: string): Imported[] {
  return [...code.matchAll(IMPORT)].map((m) => ({ specifier: (m[2] ?? m[3])!, typeOnly: Boolean(m[1]) }))
}

function checkImport(
  path: string,
  here: string,
  isTest: boolean,
  { specifier, typeOnly }: Imported,
  say: (sentence: string) => void,
  graph: Map<string, Set<string>>,
): void {
  const [layer] = here.split('/') as [string]
  if (specifier.startsWith('.')) {
    const target = normalise(`${path.split('/').slice(0, -1).join('/')}/${specifier}`)
    if (!target.startsWith(`server/${here.endsWith('/') ? layer : here}/`))
      say(`"${specifier}" walks through a wall: import the door "#layer/module"`)
    return
  }
  const door = /^#([a-z]+)\/([a-z-]+)(\/.*)?$/.exec(specifier)
  if (!door) {
    if (specifier.startsWith('#')) say(`"${specifier}" is no door`)
    const file = path.split('/').at(-1)!
    if (
      specifier.startsWith('node:') &&
      !PURE_NODE.has(specifier) &&
      !EXEMPT_LAYERS.has(layer) &&
      !isTest &&
      !EFFECT_FILES.has(file)
    )
      say(`a pure file imports ${specifier}: pass in what it gives, or do it in index.ts`)
    return
  }
  const [, toLayer = '', toModule = '', rest] = door
  if (toLayer === 'test') {
    if (!isTest) say(`"${specifier}" is for tests only`)
    return
  }
  if (rest && rest !== '/contract') say(`"${specifier}" reaches past the door of ${toLayer}/${toModule}`)
  if (layerIndex(toLayer) > layerIndex(layer))
    say(`${layer} may not import ${toLayer}: publish an event, or move the code up`)
  const file = path.split('/').at(-1)!
  if (!EXEMPT_LAYERS.has(layer) && !isTest && !EFFECT_FILES.has(file) && !typeOnly && WORLDLY_DOORS.test(specifier))
    say(`a pure file imports ${specifier}: pass in what it gives, or do it in index.ts or store.ts`)
  const there = `${toLayer}/${toModule}`
  // A type vanishes when the program runs, so it cannot knot two modules together; a test stands outside.
  if (there !== here && !typeOnly && !isTest) graph.set(here, (graph.get(here) ?? new Set()).add(there))
}

function impuritiesOf(code: string): string[] {
  return IMPURITIES.filter(([pattern]) => pattern.test(code)).map(
    ([pattern, why]) => `${why} (${pattern.exec(code)![0]})`,
  )
}

function checkSql(code: string, layer: string, here: string, house: House, say: (sentence: string) => void): void {
  const owned = tablesOwned(house.get(`server/${here}/README.md`) ?? '')
  for (const [, verb, schema, table] of code.matchAll(WRITES))
    if (!owned.has(`${schema!.toLowerCase()}.${table}`))
      say(
        `${verb!.toLowerCase()} ${schema}.${table}: a module writes only the tables its README owns; call the owner's door`,
      )
  for (const [, schema, table] of code.matchAll(READS))
    if (layerIndex(schema!.toLowerCase()) > layerIndex(layer))
      say(`reads ${schema}.${table} from ${layer}: read down, write home`)
}

function checkModule(module: string, files: string[], house: House, breaches: string[]): void {
  const folder = `server/${module}`
  if (module.startsWith('app/')) return
  for (const must of ['index.ts', 'README.md'])
    if (!house.has(`${folder}/${must}`)) breaches.push(`${folder}: has no ${must}`)
  const readme = house.get(`${folder}/README.md`)
  if (readme)
    for (const part of ['Purpose', 'Words', 'Tables', 'Invariants'])
      if (!readme.includes(`**${part}.**`)) breaches.push(`${folder}/README.md: has no paragraph **${part}.**`)
  const hasRoutes = files.includes(`${folder}/routes.ts`)
  if (hasRoutes && !house.has(`${folder}/contract.ts`)) breaches.push(`${folder}: has routes but no contract.ts`)
  const consoleExists = [...house.keys()].some((path) => path.startsWith('console/'))
  if (!hasRoutes || !consoleExists || module.startsWith('platform/')) return
  const shown = [...house.keys()].some((path) => path.startsWith(`console/${module}/`))
  const excused = (house.get(NOT_SHOWN) ?? '').includes(`'${module}':`)
  if (!shown && !excused) breaches.push(`${folder}: has routes but no console/${module}`)
  if (shown && excused) breaches.push(`console/${module}: exists, so ${NOT_SHOWN} must not excuse it`)
}

/** Modules with routes but without a page, each with the reason. */
const NOT_SHOWN = 'console/shell/not-shown.ts'

/** The console reads contracts as types, and nothing else of the server; its parts in ui/ know no bank. */
function checkConsole(house: House, breaches: string[]): void {
  for (const [path, text] of house) {
    if (
      !path.startsWith('console/') ||
      !/\.tsx?$/.test(path) ||
      path.endsWith('.test.ts') ||
      path === 'console/build.ts'
    )
      continue
    const [, layer = '', module = ''] = path.split('/')
    const say = (sentence: string) => breaches.push(`${path}: ${sentence}`)
    if (text.split('\n').length > FILE_LINES_MAX)
      say(`more than ${FILE_LINES_MAX} lines: split it by what it talks about`)
    const code = withoutComments(text)
    for (const { specifier, typeOnly } of importsOf(code)) {
      if (specifier.startsWith('#')) {
        if (!/^#[a-z]+\/[a-z-]+\/contract$/.test(specifier)) say(`"${specifier}": the console reads contracts only`)
        else if (!typeOnly) say(`"${specifier}": write "import type", or the schemas travel to every browser`)
        else if (layer === 'ui') say(`"${specifier}": ui/ knows no bank; pass in what it shows`)
      } else if (specifier === 'typebox' && !typeOnly) say('typebox travels to every browser: write "import type"')
      else if (specifier.startsWith('.')) {
        const [, toLayer = '', toModule = ''] = normalise(
          `${path.split('/').slice(0, -1).join('/')}/${specifier}`,
        ).split('/')
        if (toLayer === 'ui' || (toLayer === layer && (layer === 'shell' || toModule === module))) continue
        if (layer === 'ui') say(`"${specifier}": ui/ stands below everything; pass it in`)
        else if (toLayer !== 'shell' && layer !== 'shell')
          say(`"${specifier}": a module shows itself; link to the other's page, or move the part to ui/`)
      }
    }
    for (const [pattern, why] of CONSOLE_DANGERS) if (pattern.test(code)) say(why)
  }
}

const CONSOLE_DANGERS: [RegExp, string][] = [
  [/dangerouslySetInnerHTML|\.innerHTML\s*=|insertAdjacentHTML/, 'makes markup from text: let React escape it'],
  [/target="_blank"(?![^>]*rel=)/, 'opens a window that can reach back: say rel="noopener"'],
]

function cyclesOf(graph: Map<string, Set<string>>): string[][] {
  const done = new Set<string>()
  const cycles: string[][] = []
  const visit = (node: string, path: string[]): void => {
    const at = path.indexOf(node)
    if (at >= 0) {
      cycles.push([...path.slice(at), node])
      return
    }
    if (done.has(node)) return
    for (const next of graph.get(node) ?? []) visit(next, [...path, node])
    done.add(node)
  }
  for (const node of graph.keys()) visit(node, [])
  return cycles
}
