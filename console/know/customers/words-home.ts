import { words } from '../../ui/words.ts'

export const t = words('know.customers.home', {
  find: 'Find a customer',
  findBy: 'Name, birth date, telephone, e-mail, account or card’s last four',
  go: 'Find',
  complaints: 'Complaints that wait for their reply',
  noComplaints: 'No complaint waits.',
  due: 'Reply due {{on}}',
  left_one: '{{count}} business day left',
  left_other: '{{count}} business days left',
  today: 'due today',
  overdue: 'overdue',
})
