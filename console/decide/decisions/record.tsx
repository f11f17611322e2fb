import { Button } from '@mantine/core'
import type { Static } from 'typebox'
import type { Explanation, ReplayReply } from '#decide/decisions/contract'
import type { Refusal } from '../../shell/api.ts'
import { instant } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Facts } from '../../ui/inspector.tsx'
import { Panel } from '../../ui/page.tsx'
import { Failed } from '../../ui/state.tsx'
import { When } from '../../ui/values.tsx'
import { verdictWords } from './stages.ts'
import { readable, t } from './words.ts'

/** What a decision was made with, and what came out when it was made again. */
export function RecordOf({
  explanation,
  replay,
  onReplay,
}: {
  explanation: Explanation
  replay: { data: Static<typeof ReplayReply> | undefined; error: Refusal | null; isPending: boolean }
  onReplay: (() => void) | undefined
}) {
  const { askedAt, revision, engineVersion, modelVersion, seed, actions } = explanation
  return (
    <div className="decision-columns">
      <Panel title={t('replayTitle')}>
        <p className="hint">{t('replayHint')}</p>
        {replay.error ? (
          <Failed failure={replay.error} onAgain={onReplay} />
        ) : replay.data ? (
          <div role="status">
            <p>
              <Icon
                name={replay.data.identical ? 'good' : 'bad'}
                className={replay.data.identical ? 'ui-good' : 'ui-bad'}
              />{' '}
              <strong>{replay.data.identical ? t('same') : t('differs')}</strong>
            </p>
            <p>
              {replay.data.identical
                ? t('sameSentence', {
                    when: instant(new Date(askedAt)),
                    revision: revision.slice(0, 12),
                    engine: engineVersion,
                    model: modelVersion.slice(0, 12),
                    seed,
                    actions: actions.length,
                  })
                : t('differsSentence')}
            </p>
            {replay.data.rankedDiffers ? <p>{t('orderDiffers')}</p> : null}
            <ul>
              {replay.data.verdictsDiffer.map(({ action, stored, replayed }) => (
                <li key={action}>
                  {readable(action)}: {t('stored')} {verdictWords(stored)}, {t('replayed')} {verdictWords(replayed)}
                </li>
              ))}
            </ul>
          </div>
        ) : onReplay ? (
          <Button variant="default" onClick={onReplay} loading={replay.isPending} leftSection={<Icon name="again" />}>
            {t('replay')}
          </Button>
        ) : null}
      </Panel>
      <Panel title={t('versions')}>
        <Facts
          facts={[
            [t('askedOn'), <When key="at" at={askedAt} />],
            [
              t('revision'),
              <span key="revision" className="ui-mono">
                {revision}
              </span>,
            ],
            [t('engine'), String(engineVersion)],
            [
              t('model'),
              <span key="model" className="ui-mono">
                {modelVersion}
              </span>,
            ],
            [
              t('seed'),
              <span key="seed" className="ui-mono">
                {seed}
              </span>,
            ],
            [
              t('number'),
              <span key="number" className="ui-mono">
                {explanation.decisionId}
              </span>,
            ],
          ]}
        />
      </Panel>
    </div>
  )
}
