import { words } from '../../ui/words.ts'

export const t = words('trust.privacy', {
  title: 'Personal data',
  sentence: 'The register of processing: every column that holds personal data, what it is held for and for how long.',
  columns: 'Columns',
  columnsFoot: 'hold personal data',
  purposes: 'Purposes',
  tables: 'Tables',
  table: 'Table',
  column: 'Column',
  type: 'Type',
  purpose: 'Held for',
  retention: 'Kept',
  byPurpose: 'Columns by purpose',
  says: '{{columns}} columns for {{purposes}} purposes; the most for “{{first}}”.',
  emptyTitle: 'No column is declared',
  emptySentence: 'Columns that hold personal data are declared where they are made; a test refuses those that are not.',
})
