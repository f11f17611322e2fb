/**
 * Builds the console into a folder: `node console/build.ts OUT`. Run by the server when the build is missing or its
 * sources have changed, in a process of its own.
 */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { build } from 'vite'

/** The server sets the nonce of each answer where this stands: NONCE_MARK of platform/http. */
const NONCE_MARK = 'nonce-of-this-answer'

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

/** Writes beside each file what a browser may take instead, unless it is not smaller. */
async function compress(folder: string): Promise<void> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(js|css|svg)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  await Promise.all(
    files.map(async (file) => {
      const plain = readFileSync(file)
      if (plain.length < 600) return
      const [br, gz] = await Promise.all([
        // The highest level takes ten times as long for two per cent.
        brotli(plain, {
          params: { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
        }),
        zip(plain, { level: 9 }),
      ])
      if (br.length < plain.length) writeFileSync(`${file}.br`, br)
      if (gz.length < plain.length) writeFileSync(`${file}.gz`, gz)
    }),
  )
}

export async function buildConsole(out: string): Promise<void> {
  // Whatever runs this, a test too: the parts' development forms are twice as large and many times as slow.
  process.env.NODE_ENV = 'production'
  const making = `${out}.${process.pid}`
  rmSync(making, { recursive: true, force: true })
  try {
    await build({
      root: import.meta.dirname,
      configFile: false,
      logLevel: 'error',
      cacheDir: join(import.meta.dirname, '../node_modules/.cache/vite'),
      plugins: [react()],
      html: { cspNonce: NONCE_MARK },
      build: {
        outDir: making,
        emptyOutDir: true,
        target: 'es2023',
        assetsInlineLimit: 0,
        // Module scripts preload each other by themselves in every browser of this target.
        modulePreload: { polyfill: false },
        reportCompressedSize: false,
        chunkSizeWarningLimit: 2000,
      },
    })
    await compress(making)
    rmSync(out, { recursive: true, force: true })
    renameSync(making, out)
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  const out = process.argv[2]
  if (!out) throw new Error('Usage: node console/build.ts OUT')
  await buildConsole(out)
}
