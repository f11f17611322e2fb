import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Icon } from '../ui/icons.tsx'
import { done } from '../ui/toast.tsx'
import { onReached, queries } from './api.ts'
import { t } from './words.ts'

const LOOK_AGAIN_MS = 4000

/** Says when the server is not reached, tries by itself, and reads everything anew once it is. */
export function Connection() {
  const [lost, setLost] = useState(false)
  useEffect(() => onReached((reached) => setLost(!reached)), [])
  useEffect(() => {
    const offline = (): void => setLost(true)
    window.addEventListener('offline', offline)
    return () => window.removeEventListener('offline', offline)
  }, [])
  useEffect(() => {
    if (!lost) return
    const look = async (): Promise<void> => {
      try {
        await fetch('/health', { cache: 'no-store' })
        setLost(false)
        done(t('back'))
        await queries.invalidateQueries()
      } catch {
        // Still away: the timer asks again.
      }
    }
    const timer = setInterval(look, LOOK_AGAIN_MS)
    window.addEventListener('online', look)
    return () => {
      clearInterval(timer)
      window.removeEventListener('online', look)
    }
  }, [lost])
  if (!lost) return null
  return (
    <div className="shell-lost" role="status">
      <Icon name="warn" className="ui-warn" />
      <span>
        <strong>{t('lostTitle')}.</strong> {t('lostSentence')}
      </span>
      <Button size="xs" variant="default" onClick={() => void queries.refetchQueries({ type: 'active' })}>
        {t('lostAgain')}
      </Button>
    </div>
  )
}
