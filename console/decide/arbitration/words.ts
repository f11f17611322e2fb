import { words } from '../../ui/words.ts'

/** The sentences of arbitration: in which order what may be said is said. */
export const t = words('decide.arbitration', {
  title: 'Arbitration',
  sentence:
    'In which order what may be said is said: a formula people wrote, likelihoods learned from every answer, and levers people set.',
  seen: 'Offers seen',
  taken: 'Taken up',
  ofSeen: 'of {{base}} seen',
  learnedOn: 'Learned on',
  learnedFoot: '{{count}} treatments and channels',
  exploration: 'Exploration',
  thompson: 'On',
  none: 'Off',
  thompsonFoot: 'each likelihood is drawn from what is believed',
  noneFoot: 'the mean of what is believed is taken',
  parts: 'Parts of the page',
  tabOrder: 'The order',
  tabLearned: 'Likelihoods',
  tabTime: 'Learning over time',
  tabTrue: 'What came true',
  formula: 'The score',
  formulaSays:
    'Actions are ordered by it, and the best are shown. Each name is a number of one action for one customer.',
  propensity: 'How likely the customer takes it up, 0 to 1: learned',
  bank_value_minor: 'What it is worth to the bank once taken up, minor units',
  customer_value_minor: 'What it is worth to the customer, minor units',
  cost_minor: 'What the contact costs, minor units',
  context_weight: 'Why the customer is here now: the weights below that hold, multiplied',
  lever: 'What people set on issue, group, action and treatment, multiplied',
  weights: 'Why the customer is here',
  weightsSays: 'A weight holds while its rule does; all that hold are multiplied.',
  weight: 'Weight',
  when: 'When',
  weighs: 'Weighs for',
  ofClass: 'everything of class {{name}}',
  noWeights: 'Nothing about the moment weighs: every action stands on its own worth.',
  levers: 'Levers that are not neutral',
  leversSays: 'A lever of 1 changes nothing; 2 doubles the score.',
  noLevers: 'Every lever is neutral.',
  kind: 'Level',
  name: 'Name',
  action: 'Action',
  treatment: 'Treatment',
  channel: 'Channel',
  accepted: 'Taken up',
  share: 'Share',
  learnedTitle: 'Offers seen and taken up',
  prior:
    'What is inherited from action, group and channel weighs as much as {{count}} offers: a new treatment neither floods nor starves.',
  emptyTitle: 'Nothing was learned yet',
  emptySentence:
    'Each time a customer sees an offer and answers, the likelihoods learn. The first stand here within half a minute.',
  noPlaybookTitle: 'No playbook yet',
  noPlaybookSentence: 'The formula and its levers stand here as soon as a playbook runs.',
  timeTitle: 'Offers seen and taken up, in all',
  timeSays: 'By {{day}}, {{seen}} offers were seen and {{accepted}} taken up: {{share}}.',
  timeNone: 'No day has ended with something learned.',
  seenSoFar: 'Seen so far',
  takenSoFar: 'Taken up so far',
  shareSoFar: 'Share taken up',
  day: 'Day',
  shareTitle: 'Share taken up, of all seen so far',
  calibrationTitle: 'Believed and come true',
  calibrationSays:
    'Of {{seen}} offers seen from {{from}} to {{to}}, {{foretold}} were expected to be taken up by what was known the evening before, and {{accepted}} were: {{difference}}. In {{within}} of {{count}} groups what was believed lies within what chance leaves open.',
  calibrationAxis:
    'From left to right: groups of equally many offers, from the least to the most likely, each with the share that was believed. Where the two lines part beyond the band, the likelihoods are wrong there.',
  calibrationByAction: 'The same by action',
  calibrationNone:
    'A day must pass between what was learned and what is foretold by it: the first comparison stands here tomorrow.',
  foretold: 'Expected',
  came: 'Taken up',
  believed: 'Believed',
  certain: '95% sure between',
  between: '{{low}} to {{high}}',
  says: 'Which says',
  cameTrue: 'as believed',
  cameLess: 'fewer than believed',
  cameMore: 'more than believed',
  cameOpen: 'too few to say',
  shareSays: 'As more offers are seen the line settles: on {{day}} it stood at {{share}} of {{seen}} seen.',
})

export const readable = (id: string): string => {
  const text = id.replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
