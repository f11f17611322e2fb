import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'vite'

const HERE = import.meta.dirname

/** Both forms of the script: one for a script element, one for a bundler or `import`. */
const FORMS = [
  { format: 'iife', file: 'clientele.js' },
  { format: 'es', file: 'clientele.mjs' },
] as const

/** Builds the script into a folder, in both forms, each also compressed, and says how large they are. */
export async function buildSdk(out: string): Promise<{ file: string; bytes: number; gzipBytes: number }[]> {
  // Whoever looks sees the whole of it or nothing.
  const unfinished = `${out}.${process.pid}`
  mkdirSync(unfinished, { recursive: true })
  const built = []
  for (const { format, file } of FORMS) {
    await build({
      configFile: false,
      root: HERE,
      logLevel: 'warn',
      build: {
        outDir: unfinished,
        emptyOutDir: false,
        target: 'es2022',
        minify: true,
        lib: { entry: join(HERE, 'source/clientele.ts'), formats: [format], name: 'Clientele', fileName: () => file },
      },
    })
    const script = readFileSync(join(unfinished, file))
    const gzip = gzipSync(script, { level: 9 })
    writeFileSync(join(unfinished, `${file}.gz`), gzip)
    writeFileSync(join(unfinished, `${file}.br`), brotliCompressSync(script))
    built.push({ file, bytes: script.length, gzipBytes: gzip.length })
  }
  rmSync(out, { recursive: true, force: true })
  renameSync(unfinished, out)
  return built
}

if (import.meta.main) console.log(JSON.stringify(await buildSdk(resolve(process.argv[2] ?? join(HERE, 'built')))))
