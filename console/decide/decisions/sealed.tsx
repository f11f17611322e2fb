import { Button, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Icon } from '../../ui/icons.tsx'
import { t } from './words.ts'

/** As short as the server takes. */
const REASON_LENGTH_MIN = 10

/** A sealed record is opened with a reason, which is kept. */
export function Sealed({ onReason }: { onReason: (reason: string) => void }) {
  const [reason, setReason] = useState('')
  const [short, setShort] = useState(false)
  const open = (event: FormEvent): void => {
    event.preventDefault()
    const said = reason.trim()
    setShort(said.length < REASON_LENGTH_MIN)
    if (said.length >= REASON_LENGTH_MIN) onReason(said)
  }
  return (
    <form className="decisions-sealed" onSubmit={open}>
      <Icon name="privacy" size={28} className="ui-warn" />
      <h2>{t('sealedTitle')}</h2>
      <p>{t('sealedSentence')}</p>
      <Textarea
        label={t('sealedReason')}
        autosize
        minRows={2}
        maxLength={200}
        error={short ? t('sealedShort') : undefined}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Button type="submit">{t('sealedOpen')}</Button>
    </form>
  )
}
