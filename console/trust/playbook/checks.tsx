import type { Static } from 'typebox'
import type { CheckReply, ReviewReply } from '#trust/playbook/contract'
import { Icon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import { whichOf } from './draft.tsx'
import './playbook.css'
import { t } from './words.ts'

export type Finding = Static<typeof CheckReply>['findings'][number]
type Case = Static<typeof ReviewReply>['cases'][number]

/** What is wrong, where, and what would be right. */
export function Findings({ findings, onGo }: { findings: readonly Finding[]; onGo?: (line: number) => void }) {
  return (
    <ul className="playbook-findings">
      {findings.slice(0, 100).map((finding, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: findings have no name of their own.
        <li key={at}>
          <Icon
            name={finding.severity === 'error' ? 'bad' : 'warn'}
            className={finding.severity === 'error' ? 'ui-bad' : 'ui-warn'}
          />
          <span>
            <strong>{finding.message}</strong>{' '}
            <span className="ui-quiet">
              {whichOf(finding)}
              {finding.path ? ` · ${finding.path}` : ''}
              {finding.line === undefined || onGo ? '' : ` · ${t('at', { line: finding.line })}`}
            </span>{' '}
            {onGo && finding.line !== undefined ? (
              <button type="button" className="ui-asks" onClick={() => onGo(finding.line!)}>
                {t('goTo', { line: finding.line })}
              </button>
            ) : null}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** Schema, references, expressions, and the documents' own test cases. */
export function Checks({ findings, cases }: { findings: readonly Finding[]; cases: readonly Case[] }) {
  const errors = findings.filter(({ severity }) => severity === 'error')
  const results = cases.flatMap(({ kind, id, results: found }) => found.map((result) => ({ kind, id, ...result })))
  const failing = results.filter(({ passed }) => !passed)
  return (
    <Panel title={t('checks')}>
      <div className="playbook-panel">
        <p className="ui-quiet">{t('checksSay')}</p>
        <p>
          <Icon
            name={errors.length > 0 ? 'bad' : findings.length > 0 ? 'warn' : 'good'}
            className={errors.length > 0 ? 'ui-bad' : findings.length > 0 ? 'ui-warn' : 'ui-good'}
          />{' '}
          {findings.length === 0
            ? t('noFindings')
            : [
                errors.length > 0 ? t('errors', { count: errors.length }) : '',
                findings.length > errors.length ? t('warnings', { count: findings.length - errors.length }) : '',
              ]
                .filter(Boolean)
                .join(', ')}
        </p>
        <Findings findings={findings} />
        <p>
          <Icon
            name={failing.length > 0 ? 'bad' : results.length > 0 ? 'good' : 'dot'}
            className={failing.length > 0 ? 'ui-bad' : results.length > 0 ? 'ui-good' : 'ui-quiet'}
          />{' '}
          {failing.length > 0
            ? t('casesFail', { count: failing.length })
            : results.length > 0
              ? t('cases', { count: results.length })
              : t('noCases')}
        </p>
        <ul className="playbook-findings">
          {failing.slice(0, 50).map((result) => (
            <li key={`${result.kind}/${result.id}/${result.name}`}>
              <Icon name="bad" className="ui-bad" />
              <span>
                <strong>{result.name}</strong>{' '}
                <span className="ui-quiet">
                  {whichOf(result)}: {t('found', { found: result.found, expected: result.expected })}
                </span>
              </span>
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  )
}
