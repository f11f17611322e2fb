/** The chapter "From your core banking files to your first decision", done as it stands: each command, each answer. */
import { spawn } from 'node:child_process'
import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { blocksOf, Ids, trimmed } from '#test/guide'
import { freePort, scratchFolder } from '#test/scratch'

const blocks = blocksOf('first-decision.md')
const scratch = scratchFolder('guide')
const ids = new Ids()
let port: number

beforeAll(async () => {
  port = await freePort()
  symlinkSync(join(import.meta.dirname, '../clientele'), join(scratch.path, 'clientele'))
})
afterAll(() => scratch.remove())

const ENV = { ...process.env, CLIENTELE_LOG_LEVEL: 'silent', CLIENTELE_SHARED_BUFFERS_BYTES: '67108864' }
delete (ENV as Record<string, string | undefined>).CLIENTELE_DATA_DIR

/**
 * What a terminal shows of a block of commands, progress aside. A server is ended when it says that it is ready; whether
 * its console had to be built first depends on what was done before on this machine.
 */
function typed(commands: string, serves: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const shell = spawn('bash', ['-c', serves ? `exec ${commands} 2>&1` : commands], { cwd: scratch.path, env: ENV })
    let said = ''
    let complained = ''
    shell.stdout.on('data', (piece) => {
      said += piece
      if (serves && said.includes('Ready:')) shell.kill('SIGTERM')
    })
    shell.stderr.on('data', (piece) => {
      complained += piece
    })
    shell.on('error', reject)
    shell.on('close', () => {
      const lines = trimmed(said || complained).split('\n')
      resolve(lines.filter((line) => !serves || !/^(Building the|The) console|^Stopping/.test(line)).join('\n'))
    })
  })
}

describe('from the files of a core system to a first decision, as the chapter says', () => {
  test('the chapter shows commands and, below them, their answers', () => {
    expect(blocks.filter(({ info }) => info === 'sh').length).toBeGreaterThan(8)
    expect(blocks.filter(({ info }) => info === 'text').every(({ text }) => text !== '')).toBe(true)
  })

  for (const [index, block] of blocks.entries()) {
    if (block.info !== 'sh') continue
    const shown = blocks[index + 1]?.info === 'text' ? trimmed(blocks[index + 1]!.text) : undefined
    const last = block.text.split('\n').at(-1)!
    test(`line ${block.line}: ${last.slice(0, 90)}`, { timeout: 180_000 }, async () => {
      const serves = block.text.startsWith('./clientele start')
      const found = await typed(ids.into(block.text).replace('--port 4000', `--port ${port}`), serves)
      if (shown !== undefined) expect(ids.back(shown, found.replaceAll(`:${port}`, ':4000'))).toBe(shown)
    })
  }

  test('it all stayed in its own folder', () => {
    expect(existsSync(join(scratch.path, 'first-bank/data'))).toBe(true)
    expect(existsSync(join(scratch.path, 'data'))).toBe(false)
  })
})
