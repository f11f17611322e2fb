import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findBreaches, type House } from './architecture.ts'

const root = join(import.meta.dirname, '..')

function readHouse(): House {
  const house = new Map<string, string>()
  for (const top of ['server', 'console']) {
    let entries: import('node:fs').Dirent[] = []
    try {
      entries = readdirSync(join(root, top), { recursive: true, withFileTypes: true })
    } catch {
      continue // no console yet: its twin rule wakes up with the first file in it
    }
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name)
      if (entry.isFile() && /\.(ts|tsx|md)$/.test(entry.name) && !path.includes('node_modules'))
        house.set(relative(root, path), readFileSync(path, 'utf8'))
    }
  }
  return house
}

const README = '**Purpose.** x\n\n**Words.** x\n\n**Tables.** `know.tree`\n\n**Invariants.** x\n'

/** A small house without a fault, into which each test plants one. */
function soundHouse(planted: Record<string, string> = {}): House {
  return new Map(
    Object.entries({
      'server/platform/clock/index.ts': 'export const x = Date.now()\n',
      'server/platform/clock/README.md': README,
      'server/platform/postgres/index.ts': 'export const x = 1\n',
      'server/platform/postgres/README.md': README,
      'server/know/trees/index.ts': "import { x } from '#platform/postgres'\nexport const y = x\n",
      'server/know/trees/store.ts': 'export const z = `insert into know.tree (id) select id from know.tree`\n',
      'server/know/trees/grow.ts': 'export const grow = (now: Date) => now\n',
      'server/know/trees/README.md': README,
      'server/know/leaves/index.ts': "import { y } from '#know/trees'\nexport const w = y\n",
      'server/know/leaves/README.md': README.replace('know.tree', 'know.leaf'),
      'server/decide/axes/index.ts': "import { y } from '#know/trees'\nexport const v = y\n",
      'server/decide/axes/README.md': README.replace('know.tree', 'decide.axe'),
      ...planted,
    }),
  )
}

describe('the house stands as ARCHITECTURE.md says', () => {
  test('no rule is broken anywhere in it', () => {
    const house = readHouse()
    expect(house.size).toBeGreaterThan(50)
    expect(findBreaches(house)).toEqual([])
  })
})

describe('each kind of breach, planted alone, is found', () => {
  test('a sound house has none', () => {
    expect(findBreaches(soundHouse())).toEqual([])
  })

  const pure = (code: string) => ({ 'server/know/trees/grow.ts': code })
  const cases: [string, Record<string, string>, RegExp][] = [
    [
      'an import from a higher layer',
      { 'server/know/trees/index.ts': "import { v } from '#decide/axes'\nexport const y = v\n" },
      /know may not import decide/,
    ],
    [
      'the same in double quotes',
      { 'server/know/trees/index.ts': 'import { v } from "#decide/axes"\nexport const y = v\n' },
      /know may not import decide/,
    ],
    [
      'a bare import of a higher layer',
      { 'server/know/trees/index.ts': "import '#decide/axes'\n" },
      /know may not import decide/,
    ],
    [
      'a dynamic import of a higher layer',
      { 'server/know/trees/index.ts': "export const y = import('#decide/axes')\n" },
      /know may not import decide/,
    ],
    [
      'a re-export from a higher layer',
      { 'server/know/trees/index.ts': "export * from '#decide/axes'\n" },
      /know may not import decide/,
    ],
    [
      'an import spread over lines',
      { 'server/know/trees/index.ts': "import {\n  v,\n} from '#decide/axes'\nexport const y = v\n" },
      /know may not import decide/,
    ],
    [
      'a type from a higher layer',
      { 'server/know/trees/index.ts': "import type { V } from '#decide/axes'\nexport type Y = V\n" },
      /know may not import decide/,
    ],
    [
      'an import past a door',
      { 'server/know/leaves/index.ts': "import { grow } from '#know/trees/grow'\nexport const w = grow\n" },
      /reaches past the door/,
    ],
    [
      'a relative path through a wall',
      { 'server/know/leaves/index.ts': "import { grow } from '../trees/grow.ts'\nexport const w = grow\n" },
      /walks through a wall/,
    ],
    [
      'a cycle of two modules',
      { 'server/know/trees/index.ts': "import { w } from '#know/leaves'\nexport const y = w\n" },
      /cycle: /,
    ],
    [
      'a test tool in the product',
      { 'server/know/trees/index.ts': "import { testBank } from '#test/harness'\nexport const y = testBank\n" },
      /for tests only/,
    ],
    ['Date.now in a pure file', pure('export const g = () => Date.now()\n'), /clock/],
    ['new Date() in a pure file', pure('export const g = () => new Date()\n'), /clock/],
    ['performance.now in a pure file', pure('export const g = () => performance.now()\n'), /clock/],
    ['Math.random in a pure file', pure('export const g = () => Math.random()\n'), /chance/],
    [
      'randomUUID in a pure file',
      pure("import { randomUUID } from 'node:crypto'\nexport const g = () => randomUUID()\n"),
      /chance/,
    ],
    ['the environment in a pure file', pure('export const g = () => process.env.HOME\n'), /process/],
    ['the network in a pure file', pure("export const g = () => fetch('http://localhost')\n"), /network/],
    ['a timer in a pure file', pure('export const g = () => setTimeout(() => {}, 1)\n'), /waits/],
    [
      'the file system in a pure file',
      pure("import { readFileSync } from 'node:fs'\nexport const g = readFileSync\n"),
      /imports node:fs/,
    ],
    [
      'a store in a pure file',
      pure("import { x } from '#platform/postgres'\nexport const g = x\n"),
      /imports #platform\/postgres/,
    ],
    [
      "an insert into a sibling's table",
      { 'server/know/leaves/store.ts': 'export const a = `insert into know.tree values (1)`\n' },
      /insert into know\.tree/,
    ],
    [
      "an update of a lower layer's table",
      { 'server/decide/axes/store.ts': 'export const a = `UPDATE know.tree set id = 1`\n' },
      /update know\.tree/,
    ],
    [
      "a delete in a sibling's table",
      { 'server/know/leaves/store.ts': 'export const a = `delete from know.tree`\n' },
      /delete from know\.tree/,
    ],
    [
      "a merge into a sibling's table",
      { 'server/know/leaves/store.ts': 'export const a = `merge into know.tree using x on true`\n' },
      /merge into know\.tree/,
    ],
    [
      "a truncate of a sibling's table",
      { 'server/know/leaves/store.ts': 'export const a = `truncate know.tree`\n' },
      /truncate know\.tree/,
    ],
    [
      "a copy into a sibling's table",
      { 'server/know/leaves/store.ts': 'export const a = `copy know.tree (id) from stdin`\n' },
      /copy know\.tree/,
    ],
    [
      'a read from a higher layer',
      { 'server/know/trees/store.ts': 'export const a = `select 1 from decide.axe`\n' },
      /reads decide\.axe/,
    ],
    [
      'a join with a higher layer',
      { 'server/know/trees/store.ts': 'export const a = `select 1 from know.tree t join decide.axe using (id)`\n' },
      /reads decide\.axe/,
    ],
    ['an unknown layer', { 'server/shared/things/index.ts': 'export const a = 1\n' }, /unknown layer "shared"/],
    [
      'a module without a door',
      { 'server/know/roots/grow.ts': 'export const a = 1\n', 'server/know/roots/README.md': README },
      /has no index\.ts/,
    ],
    ['a module without a README', { 'server/know/roots/index.ts': 'export const a = 1\n' }, /has no README\.md/],
    [
      'a README without its invariants',
      { 'server/know/trees/README.md': README.replace('**Invariants.**', '') },
      /no paragraph \*\*Invariants/,
    ],
    [
      'routes without a contract',
      { 'server/know/trees/routes.ts': 'export const routes = []\n' },
      /has routes but no contract/,
    ],
    [
      'routes without a twin in the console',
      {
        'server/know/trees/routes.ts': 'export const routes = []\n',
        'server/know/trees/contract.ts': 'export const c = 1\n',
        'console/know/leaves/page.tsx': '',
      },
      /no console\/know\/trees/,
    ],
    ['a file that is too long', pure(`${'export {}\n'.repeat(401)}`), /402 lines, the limit is 400/],
  ]
  test.each(cases)('%s', (_, planted, expected) => {
    const found = findBreaches(soundHouse(planted))
    expect(found.join('\n')).toMatch(expected)
  })

  test('a comment that only talks about a breach is none', () => {
    expect(
      findBreaches(
        soundHouse(
          pure("// Date.now() and import x from '#decide/axes'\n/* delete from know.tree */\nexport const g = 1\n"),
        ),
      ),
    ).toEqual([])
  })
})
