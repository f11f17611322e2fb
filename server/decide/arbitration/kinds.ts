import { checkFormula, environmentOf } from '#decide/propositions'
import type { DocumentSet, Finding, Kind, Tools } from '#trust/playbook'
import { ArbitrationDocument } from './contract.ts'
import { scoreEnvironment } from './score.ts'

function checkArbitration(document: ArbitrationDocument, set: DocumentSet, tools: Tools): Finding[] {
  const env = environmentOf(set, tools)
  return [
    ...checkFormula(scoreEnvironment(), document.formula, ['double'], ['formula'], tools),
    ...(document.contextWeights ?? []).flatMap((weight, place) =>
      checkFormula(env, weight.when, ['bool'], ['contextWeights', place, 'when'], tools),
    ),
  ]
}

export const kinds: Kind[] = [
  {
    kind: 'arbitration',
    folder: 'arbitrations',
    schema: ArbitrationDocument,
    check: checkArbitration as unknown as Kind['check'],
    documentsMax: 1,
  } as Kind,
]
