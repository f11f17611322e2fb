import { words } from '../../ui/words.ts'

export const t = words('know.sources', {
  title: 'Feeds',
  sentence: 'What the bank’s systems delivered, what was taken in, and what waits because it could not be.',
  onTime: 'Sources on time',
  ofAll: 'of {{count}}',
  quarantined: 'Rows that wait',
  quarantinedFoot: 'in the latest feeds',
  asOf: 'Known up to',
  source: 'Source',
  date: 'Business date',
  file: 'File',
  state: 'State',
  read: 'Rows read',
  applied: 'Taken in',
  duplicate: 'Known already',
  waiting: 'Waiting',
  given: 'Given',
  because: 'Refused because',
  control: 'Rows by the control total',
  settled: 'Settled',
  emptyTitle: 'No feed has come yet',
  emptySentence:
    'Files from the core banking system stand here with what was taken in of each. The first comes with `clientele import`.',
})
