import { spawnSync } from 'node:child_process'

/** Every check, in one list, the same here and in continuous integration. */
const STEPS: { name: string; command: string[] }[] = [
  { name: 'lock file complete', command: ['node', 'scripts/complete-lockfile.ts', '--check'] },
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'types of the sdk', command: ['tsc', '-p', 'sdk', '--noEmit'] },
  { name: 'types of the console', command: ['tsc', '-p', 'console'] },
  { name: 'types of the console’s tests', command: ['tsc', '-p', 'console/tsconfig.tests.json'] },
  { name: 'format and lint', command: ['biome', 'ci', '--error-on-warnings', '.'] },
  { name: 'words', command: ['node', 'scripts/words.ts'] },
  { name: 'pictures and links of the guide', command: ['node', 'scripts/pictures.ts', '--check'] },
  { name: 'reference fresh', command: ['node', 'scripts/reference.ts', '--check'] },
]

/** Runs the steps named, or all; prints a line for each and, of those that fail, what they said. */
export function runChecks(only: readonly string[]): { passed: number; failed: number } {
  let passed = 0
  let failed = 0
  for (const step of STEPS.filter(({ name }) => only.length === 0 || only.includes(name))) {
    const started = process.hrtime.bigint()
    const [command = '', ...args] = step.command
    const run = spawnSync(command === 'node' ? process.execPath : `node_modules/.bin/${command}`, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    })
    const seconds = Number(process.hrtime.bigint() - started) / 1e9
    if (run.status === 0) passed++
    else failed++
    console.log(`${run.status === 0 ? 'ok  ' : 'FAIL'} ${step.name} (${seconds.toFixed(1)} s)`)
    if (run.status !== 0) console.log(`${run.stdout}${run.stderr}`.trimEnd())
  }
  return { passed, failed }
}

if (import.meta.main) {
  const { failed } = runChecks(process.argv.slice(2))
  if (failed > 0) process.exitCode = 1
}
