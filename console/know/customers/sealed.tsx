import { Button, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Refusal } from '../../shell/api.ts'
import { Icon } from '../../ui/icons.tsx'
import { Page } from '../../ui/page.tsx'
import { humanised } from './names.ts'
import { t } from './words.ts'

/** As short as the server takes. */
const REASON_LENGTH_MIN = 10

const SEALS: Record<string, string> = {
  vip: t('seal_vip'),
  staff: t('seal_staff'),
  vulnerable: t('seal_vulnerable'),
}

/** The seal on a record: who may open it says why first. */
export function Sealed({ refusal, onReason }: { refusal: Refusal; onReason: (reason: string) => void }) {
  const [reason, setReason] = useState('')
  const [short, setShort] = useState(false)
  const seals = Array.isArray(refusal.facts.seals) ? (refusal.facts.seals as string[]) : []
  const open = (event: FormEvent): void => {
    event.preventDefault()
    const said = reason.trim()
    setShort(said.length < REASON_LENGTH_MIN)
    if (said.length >= REASON_LENGTH_MIN) onReason(said)
  }
  return (
    <Page
      title={t('sealedTitle')}
      sentence={t('sealedSentence', { seals: seals.map((kind) => SEALS[kind] ?? humanised(kind)).join(', ') })}
    >
      <form className="know-seal" onSubmit={open}>
        <Icon name="privacy" size={28} className="ui-warn" />
        <Textarea
          label={t('sealedReason')}
          description={t('sealedHint')}
          error={short ? t('sealedShort') : undefined}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={400}
          autoFocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button type="submit">{t('sealedOpen')}</Button>
      </form>
    </Page>
  )
}
