import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { invalid } from '#platform/errors'
import { documentHash } from '../canonical.ts'
import { findingAt, readDocument, TEXT_MAX, type Written, writeDocument } from '../document.ts'
import { compare, each, type Kind, type Revision, registeredKinds } from '../kind.ts'
import { DOCUMENTS_MAX } from '../validate.ts'

/** The file that remembers which revision a folder was pulled from. */
const BASE_FILE = '.revision'

/**
 * Every document of a playbook folder, as written. Only the folders of registered kinds are read; a YAML file
 * anywhere else is a finding of its own, since a document that nobody reads is a mistake. Throws `playbook_folder`
 * when the folder can't be read.
 */
export async function readFolder(folder: string, kinds: readonly Kind[] = registeredKinds()): Promise<Written[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: Error) => {
    throw invalid(
      'playbook_folder',
      { folder },
      `The folder ${folder} can't be read: ${error.message}.`,
      'Name a folder that holds a playbook.',
    )
  })
  const byFolder = new Map(kinds.map((kind) => [kind.folder, kind]))
  const all: Written[] = []
  for (const entry of entries.sort((a, b) => compare(a.name, b.name))) {
    if (entry.isFile() && isYaml(entry.name)) all.push(misplaced(entry.name, kinds))
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue
    const files = await readdir(join(folder, entry.name), { recursive: true })
    for (const name of files.filter(isYaml).sort(compare)) {
      const file = `${entry.name}/${name}`
      if (all.length > DOCUMENTS_MAX) return all
      all.push(byFolder.has(entry.name) ? await readOne(folder, file) : misplaced(file, kinds))
    }
  }
  return all
}

const isYaml = (name: string): boolean => /\.ya?ml$/.test(name)

async function readOne(folder: string, file: string): Promise<Written> {
  const path = join(folder, file)
  const { size } = await stat(path)
  // Read no more than can be accepted: the reader refuses it by its length.
  const text = size > TEXT_MAX * 4 ? ' '.repeat(TEXT_MAX + 1) : await readFile(path, 'utf8')
  return readDocument(file, text)
}

function misplaced(file: string, kinds: readonly Kind[]): Written {
  const written: Written = { file, text: '', document: undefined, findings: [], place: () => undefined }
  written.findings.push(
    findingAt(written, '', '', [], {
      found: file,
      expected: `a folder of a kind: ${kinds.map((kind) => kind.folder).join(', ')}`,
      message: 'This file is in no folder that is read: move it, or remove it.',
    }),
  )
  return written
}

/** The revision that the folder was pulled from or pushed as, or undefined. */
export async function readBase(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, BASE_FILE), 'utf8').catch(() => '')
  const hash = text.trim()
  return /^[0-9a-f]{64}$/.test(hash) ? hash : undefined
}

/**
 * Makes the folder say what the revision says. A file that says it already is left as it is, comments and all; a
 * document's file that the revision has no document for is removed; nothing else in the folder is touched.
 */
export async function writeFolder(
  folder: string,
  revision: Pick<Revision, 'id' | 'documents'>,
  texts: ReadonlyMap<string, string>,
  kinds: readonly Kind[] = registeredKinds(),
): Promise<{ written: string[]; removed: string[]; unchanged: number }> {
  await mkdir(folder, { recursive: true })
  const byKind = new Map(kinds.map((kind) => [kind.kind, kind]))
  const had = new Map((await readFolder(folder, kinds)).map((written) => [written.file, written]))
  const written: string[] = []
  let unchanged = 0
  for (const document of each(revision.documents)) {
    const kind = byKind.get(document.kind)
    if (!kind) continue
    const file = `${kind.folder}/${document.id}.yaml`
    const old = had.get(file)
    had.delete(file)
    const hash = documentHash(document)
    if (old?.document && documentHash(old.document) === hash) {
      unchanged++
      continue
    }
    await mkdir(join(folder, kind.folder), { recursive: true })
    await writeFile(join(folder, file), texts.get(hash) ?? writeDocument(document))
    written.push(file)
  }
  const removed: string[] = []
  for (const [file, old] of had) {
    if (!old.document) continue
    await rm(join(folder, file))
    removed.push(file)
  }
  await writeFile(join(folder, BASE_FILE), `${revision.id}\n`)
  return { written, removed, unchanged }
}
