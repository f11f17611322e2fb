import type { ActionDocument, ChannelDocument, TreatmentDocument } from '#decide/propositions'
import { checkFeeds, checkFormula, effectiveClass, environmentOf } from '#decide/propositions'
import type { DocumentSet, Finding, Kind, Tools } from '#trust/playbook'
import { STAGES } from './clauses.ts'
import { ContactPolicyDocument, PolicyDocument } from './contract.ts'

function checkPolicy(document: PolicyDocument, set: DocumentSet, tools: Tools): Finding[] {
  const env = environmentOf(set, tools)
  const findings: Finding[] = []
  const seen = new Set<string>()
  for (const stage of STAGES)
    for (const [position, clause] of (document[stage] ?? []).entries()) {
      if (seen.has(clause.id))
        findings.push(
          tools.finding([stage, position, 'id'], {
            found: clause.id,
            expected: 'an id of its own',
            message: `Two clauses of this policy are called ${clause.id}; a reason must name one.`,
          }),
        )
      seen.add(clause.id)
      const field = 'admits' in clause ? 'admits' : 'excludes'
      const source = 'admits' in clause ? clause.admits : clause.excludes
      findings.push(...checkFormula(env, source, ['bool'], [stage, position, field], tools))
      findings.push(...checkFeeds(clause.feeds, [stage, position, 'feeds'], tools))
    }
  return findings
}

function checkContactPolicy(document: ContactPolicyDocument, _set: DocumentSet, tools: Tools): Finding[] {
  const findings: Finding[] = []
  const treatments = tools.all('treatment') as unknown as TreatmentDocument[]
  for (const [position, cap] of document.caps.entries()) {
    if (cap.class !== undefined && cap.class !== 'marketing')
      findings.push(
        tools.finding(['caps', position, 'class'], {
          found: cap.class,
          expected: 'marketing',
          message: `Caps bind marketing only: ${cap.class} messages reach the customer regardless.`,
        }),
      )
    const binds = treatments.some((treatment) => {
      const action = tools.find('action', treatment.action) as unknown as ActionDocument | undefined
      const channel = tools.find('channel', treatment.channel) as unknown as ChannelDocument | undefined
      return (
        action !== undefined &&
        channel !== undefined &&
        effectiveClass(treatment, action) === 'marketing' &&
        (cap.direction ?? channel.direction) === channel.direction &&
        (cap.channels ?? [channel.id]).includes(channel.id)
      )
    })
    if (!binds)
      findings.push(
        tools.finding(['caps', position], {
          severity: 'warning',
          found: `the cap ${cap.id}`,
          expected: 'a marketing treatment it could bind',
          message: 'No treatment of this playbook can ever be held back by this cap.',
        }),
      )
  }
  for (const [position, rest] of document.rests.entries()) {
    if (rest.restDays === undefined && rest.after !== 'accept')
      findings.push(
        tools.finding(['rests', position, 'restDays'], {
          found: 'nothing',
          expected: 'a number of days',
          message: `Only after an acceptance can a rest last until the outcome is known; say how long after "${rest.after}".`,
        }),
      )
    if ((rest.views !== undefined) !== (rest.after === 'ignored'))
      findings.push(
        tools.finding(['rests', position, 'views'], {
          found: rest.views === undefined ? 'nothing' : String(rest.views),
          expected: rest.after === 'ignored' ? 'how many views' : 'nothing',
          message: 'Views are counted for what was ignored, and only for that.',
        }),
      )
  }
  for (const [position, hours] of (document.openHours ?? []).entries())
    if (hours.from >= hours.to)
      findings.push(
        tools.finding(['openHours', position, 'to'], {
          found: `${hours.from} to ${hours.to}`,
          expected: 'an end after its beginning',
          message: 'These hours never begin; write a night as two spans.',
        }),
      )
  return findings
}

export const kinds: Kind[] = [
  { kind: 'policy', folder: 'policies', schema: PolicyDocument, check: checkPolicy as unknown as Kind['check'] },
  {
    kind: 'contact_policy',
    folder: 'contact_policies',
    schema: ContactPolicyDocument,
    check: checkContactPolicy as unknown as Kind['check'],
    documentsMin: 0,
    documentsMax: 1,
  },
] as Kind[]
