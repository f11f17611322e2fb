/** Adds to package-lock.json the packages of other platforms that npm left out; `--check` only says whether any lack. */
import { readFileSync, writeFileSync } from 'node:fs'
import { completed, type Lockfile } from './lockfile.ts'

const file = new URL('../package-lock.json', import.meta.url)
const { lock, added, left } = completed(JSON.parse(readFileSync(file, 'utf8')) as Lockfile)

for (const { name, of } of left)
  process.stderr.write(
    `${name}, wanted by ${of}, is not in package-lock.json and its name tells no platform: add it by hand\n`,
  )
if (process.argv.includes('--check')) {
  for (const { name, of } of added)
    process.stderr.write(`${name}, wanted by ${of}, is not in package-lock.json: run npm run lockfile\n`)
  if (added.length > 0) process.exitCode = 1
} else if (added.length > 0) {
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
  process.stdout.write(`added ${added.map(({ name }) => name).join(', ')}\n`)
}
if (left.length > 0) process.exitCode = 1
