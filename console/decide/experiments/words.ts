import { words } from '../../ui/words.ts'

/** The sentences of experiments: who hears nothing, so that the bank can see what speaking changes. */
export const t = words('decide.experiments', {
  title: 'Experiments',
  sentence:
    'Households drawn by lot who hear no marketing, so that the bank can see what speaking changes. Service, care and what the law demands reach them as everybody.',
  drawn: 'Customers drawn',
  apart: 'Kept apart',
  ofDrawn: 'of {{base}} drawn',
  meant: 'Meant to be kept apart',
  ofHouseholds: 'of households',
  leftOut: 'Out of the analysis',
  leftFoot: 'households that came together from two arms',
  share: 'Share kept apart',
  shareSays:
    'Of {{all}} customers drawn for {{period}}, {{control}} are kept apart: {{share}}, where {{meant}} are meant.',
  asMeant: 'The lot fell as it was meant to.',
  notAsMeant: 'The lot is further from what was meant than chance explains: tell whoever runs the system.',
  stillFew: 'Too few are drawn yet to say whether the lot fell as it was meant to.',
  control: 'Kept apart',
  treated: 'Spoken to',
  period: 'Drawn for',
  always: 'all time',
  redraw: 'Drawn anew',
  yearly: 'each 1 January, as a new assignment',
  never: 'never',
  classes: 'Withheld from them',
  marketing: 'marketing only',
  by: 'Drawn by',
  household: 'household: people who live together share an arm',
  canShow: 'Smallest difference it can show',
  canShowOf: 'about {{points}} points, where 2 in 100 act unasked: smaller ones stay within chance',
  salt: 'Salt',
  toOutcomes: 'See what contact changed',
  noneTitle: 'No experiment runs',
  noneSentence:
    'Without a control group nobody can tell what contact changed from what would have happened anyway. Draft one in the playbook: 3% of households is usual.',
  notDrawn: 'Nobody was drawn for it yet. Each customer is drawn with the first question about them.',
  toPlaybook: 'Open the playbook',
})
