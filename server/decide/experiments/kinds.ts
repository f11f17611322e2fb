import type { Kind } from '#trust/playbook'
import { ExperimentDocument } from './contract.ts'

export const kinds: Kind[] = [
  {
    kind: 'experiment',
    folder: 'experiments',
    schema: ExperimentDocument,
    documentsMax: 1,
    check: ((document: ExperimentDocument, _set, tools) =>
      document.classes[0] === 'marketing'
        ? []
        : [
            tools.finding(['classes', 0], {
              found: document.classes[0]!,
              expected: 'marketing',
              message: 'Only marketing can be withheld: everybody hears what the law, service and care demand.',
            }),
          ]) as Kind<ExperimentDocument>['check'],
  } as unknown as Kind,
]
