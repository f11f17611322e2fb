import { spawnSync } from 'node:child_process'

/** Every check, in one list, the same here and in continuous integration. */
const STEPS: { name: string; command: string[] }[] = [
  { name: 'lock file complete', command: ['node', 'scripts/complete-lockfile.ts', '--check'] },
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'format and lint', command: ['biome', 'ci', '--error-on-warnings', '.'] },
  { name: 'words', command: ['node', 'scripts/words.ts'] },
  { name: 'reference docs fresh', command: ['node', 'scripts/reference.ts', '--check'] },
]

const only = process.argv.slice(2)
let failed = 0
for (const step of STEPS.filter((s) => only.length === 0 || only.includes(s.name))) {
  const started = process.hrtime.bigint()
  const [command = '', ...args] = step.command
  const run = spawnSync(command === 'node' ? process.execPath : `node_modules/.bin/${command}`, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  })
  const seconds = Number(process.hrtime.bigint() - started) / 1e9
  const passed = run.status === 0
  if (!passed) failed++
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${step.name} (${seconds.toFixed(1)} s)`)
  if (!passed) console.log(`${run.stdout}${run.stderr}`.trimEnd())
}
if (failed > 0) process.exit(1)
