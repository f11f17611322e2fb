import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { consoleFolder } from '#app/console'
import { routes } from '#app/modules'
import { ALL_PERMISSIONS } from '#trust/access'

const ROOT = join(import.meta.dirname, '../console')
const sources = readdirSync(ROOT, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.test.ts'))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ path: path.slice(ROOT.length + 1), text: readFileSync(path, 'utf8') }))

const BUDGET_BYTES = 300_000

describe('the console and the server agree', () => {
  test('every endpoint that the console calls is a route of the server', () => {
    const known = new Set(routes.map(({ method, url }) => `${method} ${url}`))
    const called = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/endpoint<[\s\S]*?>\(\s*'([A-Z]+)',\s*'([^']+)',?\s*\)/g)].map((found) => ({
        path,
        route: `${found[1]} ${found[2]}`,
      })),
    )
    expect(called.length).toBeGreaterThan(5)
    expect(called.filter(({ route }) => !known.has(route))).toEqual([])
  })

  test('every permission that a page asks for exists', () => {
    // Actions of the audit look the same, so only lines that speak of needing or being allowed are read.
    const asked = sources.flatMap(({ path, text }) =>
      text
        .split('\n')
        .filter((line) => /needs|\bmay\(/i.test(line))
        .flatMap((line) => [
          ...line.matchAll(/'((?:trust|know|decide|engage|learn|culture|platform)\.[a-z_]+:[a-z_]+)'/g),
        ])
        .map((found) => ({ path, permission: found[1]! })),
    )
    expect(asked.length).toBeGreaterThan(10)
    expect(asked.filter(({ permission }) => !ALL_PERMISSIONS.has(permission))).toEqual([])
  })
})

describe('the console’s build', () => {
  test('no part of it needs more than 300 kB of compressed JavaScript', async () => {
    const folder = await consoleFolder()
    const assets = join(folder, 'assets')
    const entry = /src="\/assets\/([^"]+\.js)"/.exec(readFileSync(join(folder, 'index.html'), 'utf8'))?.[1]
    expect(entry).toBeDefined()
    const sent = (name: string): number =>
      Math.min(
        ...['', '.br'].flatMap((end) =>
          existsSync(join(assets, name + end)) ? [statSync(join(assets, name + end)).size] : [],
        ),
      )
    const needed = (name: string, known = new Set<string>()): Set<string> => {
      if (known.has(name)) return known
      known.add(name)
      const text = readFileSync(join(assets, name), 'utf8')
      for (const [, other] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) needed(other!, known)
      return known
    }
    const first = needed(entry!)
    expect(first.size).toBeGreaterThan(3)
    const heavy = readdirSync(assets)
      .filter((name) => name.endsWith('.js'))
      .map((name) => ({ name, bytes: [...needed(name, new Set(first))].reduce((sum, one) => sum + sent(one), 0) }))
      .filter(({ bytes }) => bytes > BUDGET_BYTES)
    expect(heavy).toEqual([])
  })

  test('it holds the parts in the form for use, not the one for their makers', async () => {
    const folder = join(await consoleFolder(), 'assets')
    for (const name of readdirSync(folder))
      if (name.endsWith('.js')) expect(readFileSync(join(folder, name), 'utf8')).not.toContain('react-dom.development')
    expect(readdirSync(folder).filter((name) => name.startsWith('jsx-dev-runtime'))).toEqual([])
  })

  test('no script stands in the page, and none of the schemas travels to the browser', async () => {
    const folder = await consoleFolder()
    expect(readFileSync(join(folder, 'index.html'), 'utf8')).not.toMatch(/<script(?![^>]*\bsrc=)/)
    for (const name of readdirSync(join(folder, 'assets')))
      if (name.endsWith('.js'))
        expect(readFileSync(join(folder, 'assets', name), 'utf8')).not.toContain('additionalProperties:!1')
  })
})
