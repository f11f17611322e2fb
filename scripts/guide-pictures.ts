import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

export const GUIDE = join(import.meta.dirname, '../docs/guide')
/** No picture may be larger: a chapter is read on a telephone too. */
export const PICTURE_BYTES_MAX = 150_000

/**
 * How one picture is taken, as a chapter says it above the picture:
 *
 *     <!-- picture as sofia
 *     go /know/segments
 *     click Small savers
 *     -->
 *     ![Small savers, their rule and how many they are](pictures/segment.png)
 */
export interface Picture {
  readonly chapter: string
  /** The name of the file in docs/guide/pictures. */
  readonly file: string
  /** The login of the person who looks. */
  readonly as: string
  readonly narrow: boolean
  readonly steps: readonly { readonly verb: string; readonly rest: string }[]
}

const VERBS = ['go', 'click', 'press', 'fill', 'choose', 'see', 'down']
const PICTURE = /<!-- picture as ([a-z]+)( narrow)?\n([\s\S]*?)-->\n+!\[([^\]]+)\]\(pictures\/([a-z0-9-]+\.png)\)/g

/** Every chapter of the guide, by file name. */
export const chapters = (): string[] =>
  readdirSync(GUIDE)
    .filter((name) => name.endsWith('.md'))
    .toSorted()

const textOf = (chapter: string): string => readFileSync(join(GUIDE, chapter), 'utf8')

/** The pictures of a chapter with how each is taken. */
export function picturesOf(chapter: string): Picture[] {
  return [...textOf(chapter).matchAll(PICTURE)].map(([, as = '', narrow, steps = '', , file = '']) => ({
    chapter,
    file,
    as,
    narrow: narrow !== undefined,
    steps: steps
      .trim()
      .split('\n')
      .map((line) => ({ verb: line.split(' ')[0]!, rest: line.split(' ').slice(1).join(' ') })),
  }))
}

/** What is wrong with the guide's pictures and links, as sentences; [] when nothing is. */
export function faults(): string[] {
  const found: string[] = []
  const taken = new Map<string, string>()
  const folder = join(GUIDE, 'pictures')
  for (const chapter of chapters()) {
    const text = textOf(chapter)
    for (const { file, steps } of picturesOf(chapter)) {
      if (taken.has(file)) found.push(`${chapter}: pictures/${file} is taken by ${taken.get(file)} too`)
      taken.set(file, chapter)
      for (const { verb } of steps)
        if (!VERBS.includes(verb)) found.push(`${chapter}: "${verb}" is no step; known are ${VERBS.join(', ')}`)
      if (steps[0]?.verb !== 'go') found.push(`${chapter}: pictures/${file} must begin by going to a page`)
    }
    for (const [, path = ''] of text.matchAll(/!\[[^\]]*\]\(pictures\/([^)]+)\)/g))
      if (!taken.has(path)) found.push(`${chapter}: nothing says how pictures/${path} is taken`)
    for (const [, path = ''] of text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)) {
      const to = normalize(join(dirname(join(GUIDE, chapter)), path))
      if (!existsSync(to)) found.push(`${chapter}: ${path} is not there; if it is a picture, npm run pictures takes it`)
    }
  }
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    const { size } = statSync(join(folder, file))
    if (!taken.has(file)) found.push(`pictures/${file} is named by no chapter`)
    if (size > PICTURE_BYTES_MAX)
      found.push(`pictures/${file} has ${size} bytes, at most ${PICTURE_BYTES_MAX} are allowed`)
  }
  return found
}
