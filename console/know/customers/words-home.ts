import { words } from '../../ui/words.ts'

export const t = words('know.customers.home', {
  find: 'Find a customer',
  findBy: 'Name, account number, telephone, e-mail or birth date',
  go: 'Find',
  complaints: 'Complaints that wait for their reply',
  noComplaints: 'No complaint waits.',
  customer: 'Customer {{id}}',
  due: 'Reply due {{on}}',
  left_one: '{{count}} business day left',
  left_other: '{{count}} business days left',
  today: 'due today',
  overdue: 'overdue',
  more_one: 'and {{count}} more',
  more_other: 'and {{count}} more',
})
