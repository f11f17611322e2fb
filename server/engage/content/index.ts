export { type Format, TemplateDocument } from './contract.ts'
export { checks, kinds } from './kinds.ts'
export { namesIn, type Rendered, render } from './render.ts'
