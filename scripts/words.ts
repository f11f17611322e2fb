import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** Words that have no place in the house, each with what to do instead. */
const BANNED: { pattern: RegExp; instead: string; only?: RegExp }[] = [
  { pattern: /\b(TODO|FIXME|XXX|HACK)\b/, instead: 'finish it, or say in the README what is not there' },
  { pattern: /@ts-(ignore|expect-error|nocheck)/, instead: 'mend the type' },
  { pattern: /\bas any\b(?=\s*[;,)\]}.]|$)/, instead: 'say the type', only: /\.tsx?$/ },
  { pattern: /\beval\(|new Function\(/, instead: 'compose closures', only: /\.tsx?$/ },
  {
    pattern: /\.(only|skip)\(['"`]/,
    instead: 'run every test; use runIf with the reason in its name',
    only: /\.test\.ts$/,
  },
  { pattern: /lorem ipsum|placeholder text/i, instead: 'write the real words' },
  { pattern: /\/work\/|\/tmp\/clientele/, instead: 'no paths of one machine' },
  {
    pattern: /export (abstract )?class \w*(Manager|Service|Helper|Util)\b/,
    instead: 'name what it does in the bank’s words',
    only: /\.tsx?$/,
  },
]

const SELF = 'scripts/words.ts'
const TEXT = /\.(ts|tsx|js|mjs|md|sql|json|yaml|yml|sh|css|html)$/
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((f) => TEXT.test(f) && f !== SELF && f !== 'package-lock.json' && existsSync(f))

let found = 0
for (const file of files) {
  const lines = readFileSync(file, 'utf8').split('\n')
  lines.forEach((line, i) => {
    for (const { pattern, instead, only } of BANNED) {
      if (only && !only.test(file)) continue
      const match = pattern.exec(line)
      if (!match) continue
      found++
      console.log(`${file}:${i + 1}: "${match[0]}": ${instead}`)
    }
  })
}
for (const folder of new Set(files.map((f) => f.split('/').slice(0, -1).join('/'))))
  if (/(^|\/)(utils|helpers|common|shared|managers|services)(\/|$)/.test(folder)) {
    found++
    console.log(`${folder}: a folder is named for what it talks about`)
  }
if (found > 0) process.exit(1)
