import { useNavigate } from '@tanstack/react-router'
import { useTell } from '../../shell/api.ts'
import * as shell from '../../shell/endpoints.ts'
import { ConfirmTyped } from '../../ui/confirm.tsx'
import { done, failed } from '../../ui/toast.tsx'
import * as endpoints from './endpoints.ts'
import { t } from './words.ts'

/** Takes one activation back by a draft of its inverse, which goes the way of any draft. */
export function UndoChange({ sequence, onClose }: { sequence: number; onClose: () => void }) {
  const navigate = useNavigate()
  const undo = useTell(endpoints.undo, { stale: [endpoints.drafts, shell.drafts] })
  return (
    <ConfirmTyped
      opened
      onClose={onClose}
      title={t('undo')}
      action={t('undoDo')}
      makes
      withReason
      onConfirm={(reason) =>
        undo.mutateAsync({ params: { sequence }, body: { reason } }).then(({ draftId }) => {
          done(t('undone'))
          void navigate({ to: `/trust/playbook/drafts/${draftId}` })
        }, failed)
      }
    >
      {t('undoSays')}
    </ConfirmTyped>
  )
}
