import { words } from '../../ui/words.ts'

export const t = words('platform.jobs', {
  title: 'Background work',
  sentence:
    'What the system does by itself, and the messages that a part of it could not handle. For whoever is on duty.',
  running: 'Running now',
  waiting: 'Waiting',
  failed: 'Failed',
  latest: 'of the latest {{count, number}}',
  setAside: 'Messages set aside',
  jobs: 'Jobs',
  job: 'Job',
  about: 'About',
  state: 'State',
  progress: 'Progress',
  attempts: 'Attempts',
  name: 'Its name',
  created: 'Asked for',
  ended: 'Ended',
  error: 'What went wrong',
  result: 'Result',
  cancelAsked: 'A stop was asked for; it stops at its next safe place.',
  cancel: 'Stop this job',
  cancelTitle: 'Stop “{{name}}”?',
  cancelSentence:
    'It stops at its next safe place. What it has done so far stays done; it is not taken up again by itself.',
  cancelled: 'The job is told to stop.',
  emptyJobs: 'Nothing ran yet',
  emptyJobsSentence: 'Jobs stand here when attributes are computed, a draft is tried or the night’s work begins.',
  message: 'Message',
  subscription: 'Could not be handled by',
  customer: 'Customer',
  setAsideAt: 'Set aside',
  again: 'Give again',
  givenAgain: 'The message is given again.',
  emptyMessages: 'No message is set aside',
  emptyMessagesSentence:
    'A message that a part of the system refuses again and again waits here, so that the others go on.',
})

const TITLES: Readonly<Record<string, string>> = {
  'decide/experiments assign': 'Households are drawn into their arms',
  'engage/inbound count placements': 'Placements are counted',
  'engage/webhooks forget': 'Deliveries past their time are forgotten',
  'know.attributes.compute': 'Attributes are computed',
  'know.interactions:expire_contacts': 'Contacts past their time end',
  'know.sources:expire_authorisations': 'Authorisations that nothing settled lapse',
  'learn/outcomes settle accepted': 'What became of acceptances is settled',
  'platform.forget': 'What may be forgotten is forgotten',
  'trust.audit_anchor': 'The audit’s chain is anchored',
  'trust/playbook effect': 'A draft is tried on the whole base',
}

/** What a job does, in words; the name by which the system knows it where there are none. */
export const titleOf = (name: string): string => TITLES[name] ?? name
