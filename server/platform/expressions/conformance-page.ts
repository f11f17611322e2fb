import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { conformanceVerdicts, REASONS, type Verdict } from './conformance.ts'

/** The page docs/reference/expressions-conformance.md; written by `node server/platform/expressions/conformance-page.ts`. */
export function conformancePage(verdicts: Verdict[]): string {
  const files = [...new Set(verdicts.map(({ file }) => file))]
  const count = (outcome: string, of = verdicts): number => of.filter((verdict) => verdict.outcome === outcome).length
  const excluded = verdicts.filter(({ outcome }) => outcome === 'excluded')
  const times = (reason: string): number => excluded.filter((verdict) => verdict.reason === reason).length
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
  return `# CEL conformance

The public conformance cases of CEL (the cel-spec project's \`tests/simple\`, Apache-2.0) are run on the bank's expression
language by \`server/platform/expressions/conformance.test.ts\`, on the closure and on ClickHouse, whenever they stand in
\`../shared/data/cel\` beside the repository; otherwise the test says that it skips them.

A case passes when it gives the expected value, or is refused or ends in an error where an error is expected. A case is
excluded by one of the rules below, which follow from the language and not from the case: a file that was never seen is
judged by the same rules. Nothing else is excluded, and a case that neither passes nor falls under a rule fails the test.

| file | cases | passed | excluded |
|---|---:|---:|---:|
${files
  .map((file) => {
    const of = verdicts.filter((verdict) => verdict.file === file)
    return `| ${file} | ${of.length} | ${count('passed', of)} | ${count('excluded', of)} |`
  })
  .join('\n')}
| **all** | ${verdicts.length} | ${count('passed')} | ${count('excluded')} |

## What is left out, and why

| reason | cases | why |
|---|---:|---|
${Object.entries(REASONS)
  .map(([reason, why]) => `| ${reason} | ${times(reason)} | ${why} |`)
  .join('\n')}

## The excluded cases
${Object.keys(REASONS)
  .filter((reason) => times(reason) > 0)
  .map(
    (reason) =>
      `\n### ${reason}\n\n${excluded
        .filter((verdict) => verdict.reason === reason)
        .map(({ file, section, name, expr }) => `- \`${file}\` ${section}/${name}: \`\` ${cell(expr)} \`\``)
        .join('\n')}`,
  )
  .join('\n')}
`
}

if (import.meta.main) {
  writeFileSync(
    join(import.meta.dirname, '../../../docs/reference/expressions-conformance.md'),
    conformancePage(conformanceVerdicts()),
  )
}
