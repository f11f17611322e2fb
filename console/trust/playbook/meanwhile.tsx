import { Button, Group } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { Static } from 'typebox'
import type { DraftDocumentReply } from '#trust/playbook/contract'
import { useNames } from '../../shell/who.tsx'
import { Diff } from '../../ui/diff.tsx'
import { ago } from '../../ui/format.ts'
import { Panel } from '../../ui/page.tsx'
import './playbook.css'
import { t } from './words.ts'

export type Document = Static<typeof DraftDocumentReply>

/** What a writer of the document finds: the draft's text, else what runs, else its first lines. */
export const begunWith = ({ kind, id, draft, running }: Document): string =>
  draft ? (draft.text ?? '') : (running?.text ?? `kind: ${kind}\nid: ${id}\ntitle: \n`)

/** What became of the document: written anew, marked to be removed from the playbook, or taken out of the draft. */
const becameOf = ({ draft }: Document): 'wrote' | 'removed' | 'takenOut' =>
  draft === null ? 'takenOut' : draft.text === null ? 'removed' : 'wrote'
const TITLES = { wrote: 'otherTitle', removed: 'otherRemoved', takenOut: 'otherTakenOut' } as const

/** Somebody else changed it meanwhile: who, when, both texts, and the choice. */
export function Meanwhile({
  theirs,
  mine,
  onKeepMine,
  onTakeTheirs,
  onGoOn,
}: {
  theirs: Document
  mine: string
  onKeepMine: () => void
  onTakeTheirs: () => void
  onGoOn: () => void
}) {
  const nameOf = useNames([theirs.draft?.changedBy])
  const at = theirs.draft?.changedAt
  const became = becameOf(theirs)
  const isTakenOut = became === 'takenOut'
  const here = useRef<HTMLDivElement>(null)
  // Whoever pressed Save stands at the end of a long page: they are brought to what they must decide.
  useEffect(() => {
    here.current?.scrollIntoView({ block: 'center' })
    here.current?.focus({ preventScroll: true })
  }, [])
  return (
    <Panel title={t(TITLES[became], { who: nameOf(theirs.draft?.changedBy), ago: at ? ago(new Date(at)) : '' })}>
      <div role="alert" className="playbook-panel" ref={here} tabIndex={-1}>
        <p>{t(isTakenOut ? 'otherSaysRuns' : 'otherSays')}</p>
        <Diff before={begunWith(theirs)} after={mine} title={t(isTakenOut ? 'otherDiffRuns' : 'otherDiff')} />
        <Group mt={12} gap={8}>
          <Button onClick={onKeepMine}>{t(isTakenOut ? 'putBack' : 'keepMine')}</Button>
          <Button variant="default" onClick={onTakeTheirs}>
            {t(isTakenOut ? 'leaveOut' : 'takeTheirs')}
          </Button>
          <Button variant="default" onClick={onGoOn}>
            {t('goOn')}
          </Button>
        </Group>
      </div>
    </Panel>
  )
}
