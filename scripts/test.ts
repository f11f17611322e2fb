import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runChecks } from './check.ts'

/**
 * Every check, then every test; the last line counts both. `npm test -- FILTER …` runs the tests that match and no
 * checks. `--long` adds the long ones.
 */
const long = process.argv.includes('--long')
const filters = process.argv.slice(2).filter((argument) => argument !== '--long')
const checks = filters.length === 0 ? runChecks([]) : { passed: 0, failed: 0 }

interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[]
}

const folder = mkdtempSync(join(tmpdir(), 'clientele-report-'))
const file = join(folder, 'report.json')
const run = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${file}`,
    ...filters,
  ],
  { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...(long ? { CLIENTELE_LONG: '1' } : {}) } },
)
let { passed, failed } = checks
try {
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report
  passed += report.numPassedTests
  failed += report.numFailedTests
  // A file that fails to load has no failed test of its own, and must not pass for that.
  for (const result of report.testResults)
    if (result.status === 'failed' && !result.assertionResults.some((test) => test.status === 'failed')) {
      failed++
      console.log(`did not run: ${result.name}`)
    }
  if (report.numPendingTests > 0) console.log(`${report.numPendingTests} not run here; their names say why`)
} catch (error) {
  failed++
  console.log(`the tests left no report: ${(error as Error).message}`)
}
rmSync(folder, { recursive: true, force: true })
if (run.status !== 0 && failed === 0) {
  failed++
  console.log(`the test runner ended with ${run.status ?? run.signal}`)
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
