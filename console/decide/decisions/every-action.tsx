import { Link } from '@tanstack/react-router'
import type { Explanation } from '#decide/decisions/contract'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { number } from '../../ui/format.ts'
import { None, Pill, type Tone } from '../../ui/values.tsx'
import { ScoreParts } from './parts.tsx'
import { Reasons } from './reasons.tsx'
import { decidingReason, stageOf, type Traced, verdictWords } from './stages.ts'
import { t } from './words.ts'

const TONES: Record<string, Tone> = { shown: 'good', outranked: 'info', withheld: 'info', stopped: 'bad' }

const columns: Column<Traced>[] = [
  { id: 'action', title: t('action'), value: ({ title, action }) => title || action, width: 'minmax(150px, 1.2fr)' },
  {
    id: 'outcome',
    title: t('outcome'),
    value: ({ verdict }) => verdictWords(verdict),
    show: ({ verdict }) => <Pill tone={TONES[verdict] ?? 'quiet'}>{verdictWords(verdict)}</Pill>,
    width: 160,
  },
  { id: 'clause', title: t('clause'), value: (action) => decidingReason(action)?.title ?? '', narrow: false },
  { id: 'found', title: t('found'), value: (action) => decidingReason(action)?.found ?? '', narrow: false },
  { id: 'needed', title: t('needed'), value: (action) => decidingReason(action)?.needed ?? '', narrow: false },
  {
    id: 'score',
    title: t('score'),
    value: ({ priority }) => priority,
    show: ({ priority }) => (priority === null ? <None /> : number(priority, 2)),
    width: 100,
    align: 'end',
    narrow: false,
  },
]

const Details = ({ action, formula }: { action: Traced; formula: string }) => (
  <div className="decision-details">
    <p className="hint">{stageOf(action.verdict)?.asks ?? verdictWords(action.verdict)}</p>
    <h3>{t('reasonsTitle')}</h3>
    <Reasons action={action} />
    <h3>{action.priority === null ? t('partsWould') : t('partsTitle')}</h3>
    <p className="hint">{t('partsHint')}</p>
    <ScoreParts action={action} formula={formula} />
    <p>
      <Link to={`/decide/propositions/actions/${action.action}` as never}>{t('toAction')}</Link>
    </p>
  </div>
)

/** Every action of the playbook with its verdict; one opens beside the list with all its clauses and its score. */
export const EveryAction = ({ explanation }: { explanation: Explanation }) => (
  <DataTable
    name="considered"
    title={t('list')}
    columns={columns}
    rows={explanation.actions}
    rowId={({ action }) => action}
    inspect={(action) => <Details action={action} formula={explanation.formula} />}
    inspectTitle={({ title, action }) => title || action}
    empty={{ title: t('listEmptyTitle'), sentence: t('listEmptySentence') }}
  />
)
