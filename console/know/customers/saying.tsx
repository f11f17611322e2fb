import { Button } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { timeOfDay } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import './saying.css'
import { ANSWERS, type Answer, type Held } from './talk.ts'
import { Terms } from './terms.tsx'
import { t } from './words-say.ts'

const nextOf = (answer: Answer, { shown }: Held): string =>
  answer === 'accept' ? t(shown.offer ? 'accept_next' : 'accept_next_plain') : t(`${answer}_next`)

/** One thing while it is said: the words, the figures as they are owed, and what the customer answers. */
export function Saying({
  held,
  without,
  busy,
  onAnswer,
  onLeave,
}: {
  held: Held
  /** An answer that was given before and is now put right. */
  without: Answer | undefined
  busy: boolean
  onAnswer: (answer: Answer) => void
  onLeave: () => void
}) {
  const { shown, title, at } = held
  const heading = useRef<HTMLHeadingElement>(null)
  // Whoever pressed "Say it" reads on here, by keyboard too.
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  const answers = ANSWERS.filter((answer) => answer !== without && (without === undefined || answer !== 'impression'))
  return (
    <section className="know-saying" aria-label={t('sayOf', { title })}>
      <h3 ref={heading} tabIndex={-1}>
        <Icon name="talk" size={16} /> <bdi>{title}</bdi>
      </h3>
      <blockquote lang={shown.language}>
        {shown.subject ? <strong>{shown.subject}</strong> : null}
        <p>{shown.text}</p>
      </blockquote>
      <p className="know-small ui-quiet">{shown.tone ? t('tone', shown.tone) : t('script')}</p>
      {shown.offer ? (
        <Terms offer={shown.offer} at={timeOfDay(at).slice(0, 5)} language={shown.language} />
      ) : (
        <p className="know-small ui-quiet">{t('noOffer')}</p>
      )}
      <div className="know-answers" role="group" aria-label={t('answers')}>
        <span className="know-answers-title">{t('answers')}</span>
        {answers.map((answer) => (
          <div key={answer}>
            <Button
              size="compact-sm"
              variant={answer === 'accept' ? 'filled' : 'default'}
              disabled={busy}
              onClick={() => onAnswer(answer)}
            >
              {t(answer)}
            </Button>
            <span className="know-small ui-quiet">{nextOf(answer, held)}</span>
          </div>
        ))}
      </div>
      <Button variant="subtle" size="compact-sm" onClick={onLeave} disabled={busy}>
        {without === undefined ? t('leave') : t('cancel')}
      </Button>
    </section>
  )
}
