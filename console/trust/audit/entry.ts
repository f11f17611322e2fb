import type { AuditEntry } from '#trust/audit/contract'

/** Whether somebody saw a customer, rather than changed something. */
export const isLook = ({ action, customers }: AuditEntry): boolean =>
  customers.length > 0 && /:(viewed|opened|read|searched|explained|listed|exported|previewed|replayed)/.test(action)

/** 'trust.playbook:approved' as one would say it. */
export const saidAs = (action: string): string => {
  const [module = '', verb = ''] = action.split(':')
  return `${verb.replaceAll('_', ' ')} (${module.split('.').pop()})`
}
