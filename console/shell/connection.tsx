import { Button } from '@mantine/core'
import { useCallback, useEffect, useRef, useState } from 'react'
import { Icon } from '../ui/icons.tsx'
import { done } from '../ui/toast.tsx'
import { onReached, queries } from './api.ts'
import { t } from './words.ts'

const LOOK_AGAIN_MS = 4000

/** Says when the server is not reached, tries by itself, and reads everything anew once it is. */
export function Connection() {
  const [lost, setLost] = useState(false)
  const lostAtMs = useRef<number>(undefined)
  const away = useCallback((): void => {
    lostAtMs.current ??= performance.now()
    setLost(true)
  }, [])
  const back = useCallback((): void => {
    if (lostAtMs.current === undefined) return
    lostAtMs.current = undefined
    setLost(false)
    done(t('back'))
    void queries.invalidateQueries()
  }, [])
  useEffect(
    () =>
      onReached((reached) => {
        if (!reached) away()
        // What was answered before and comes late is no sign that the connection is there. Nor are others' answers while
        // one question gets none: reading everything anew at each of them would never end.
        else if (navigator.onLine && performance.now() - (lostAtMs.current ?? 0) >= LOOK_AGAIN_MS) back()
      }),
    [away, back],
  )
  useEffect(() => {
    window.addEventListener('offline', away)
    return () => window.removeEventListener('offline', away)
  }, [away])
  useEffect(() => {
    if (!lost) return
    // While the server is away it is looked for; what fails is asked again by the timer.
    const look = (): void => void fetch('/health', { cache: 'no-store' }).then(back, () => {})
    const timer = setInterval(look, LOOK_AGAIN_MS)
    window.addEventListener('online', look)
    return () => {
      clearInterval(timer)
      window.removeEventListener('online', look)
    }
  }, [lost, back])
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
