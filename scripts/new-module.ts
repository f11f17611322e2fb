import { existsSync, mkdirSync, writeFileSync } from 'node:fs'

const LAYERS = ['platform', 'trust', 'know', 'decide', 'engage', 'learn', 'culture']
const [name = ''] = process.argv.slice(2)
const [layer = '', module = ''] = name.split('/')

if (!LAYERS.includes(layer) || !/^[a-z][a-z-]+$/.test(module)) {
  console.error(`new-module: expected <layer>/<module> with a layer of ${LAYERS.join(', ')}, found "${name}".`)
  process.exit(1)
}
const folder = `server/${layer}/${module}`
if (existsSync(folder)) {
  console.error(`new-module: ${folder} is already there.`)
  process.exit(1)
}
mkdirSync(folder, { recursive: true })
writeFileSync(
  `${folder}/README.md`,
  `# ${layer}/${module}\n\n**Purpose.** \n\n**Words.** \n\n**Tables.** None.\n\n**Invariants.** \n`,
)
writeFileSync(
  `${folder}/contract.ts`,
  `import Type from 'typebox'\n\nexport const Nothing = Type.Object({}, { additionalProperties: false })\n`,
)
writeFileSync(`${folder}/index.ts`, `export { Nothing } from './contract.ts'\n`)
console.log(`${folder} is there. Write its README first; then wire it in server/app/modules.ts.`)
