import { Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { number, signed } from './format.ts'
import { Icon } from './icons.tsx'
import { Spark } from './spark.tsx'
import { words } from './words.ts'

const t = words('ui.page', { whence: 'Where {{title}} comes from', up: 'up', down: 'down', flat: 'unchanged' })

/** Title, one sentence of what this is and for whom, two or three numbers, one main action, then the work. */
export function Page({
  title,
  sentence,
  action,
  figures,
  children,
}: {
  title: string
  sentence: string
  /** The one main action. */
  action?: ReactNode
  figures?: ReactNode
  children: ReactNode
}) {
  useEffect(() => {
    document.title = `${title} · Clientele`
  }, [title])
  return (
    <div className="ui-page">
      <div className="ui-page-head">
        <div>
          <Title order={1}>{title}</Title>
          <p className="ui-page-sentence">{sentence}</p>
        </div>
        {action}
      </div>
      {figures ? <div className="ui-figures">{figures}</div> : null}
      {children}
    </div>
  )
}

/** A number that matters, with its change and a small line; a link to what it is made of. */
export function Figure({
  title,
  value,
  change,
  changeIsGood = true,
  digits = 0,
  since,
  line,
  to,
  foot,
}: {
  title: string
  value: ReactNode
  /** Against the period before. */
  change?: number | undefined
  changeIsGood?: boolean
  digits?: number
  /** "than yesterday" */
  since?: string
  line?: readonly number[] | undefined
  /** The page that shows what it is made of. */
  to?: string
  foot?: ReactNode
}) {
  const way = change === undefined ? undefined : change > 0 ? 'up' : change < 0 ? 'down' : 'flat'
  const shown = typeof value === 'number' ? number(value) : value
  const tone = way === undefined || way === 'flat' ? 'ui-quiet' : (way === 'up') === changeIsGood ? 'ui-good' : 'ui-bad'
  return (
    <div className="ui-figure">
      <span className="ui-figure-title">{title}</span>
      <span className="ui-figure-value">
        {to ? (
          <Link to={to} className="ui-asks" aria-label={t('whence', { title })}>
            {shown}
          </Link>
        ) : (
          shown
        )}
      </span>
      <span className="ui-figure-foot">
        {way !== undefined && change !== undefined ? (
          <span className={tone}>
            <Icon name={way} size={12} /> <span className="ui-visually-hidden">{t(way)}</span>
            {signed(change, digits)}
          </span>
        ) : null}
        {since}
        {foot}
        {line && line.length > 1 ? <Spark values={line} /> : null}
      </span>
    </div>
  )
}

/** A part of a page with a heading of its own. */
export function Panel({
  title,
  label = title,
  aside,
  children,
  flush = false,
}: {
  title?: string
  /** What it is called to those who hear the page, where two panels may have one title. */
  label?: string | undefined
  aside?: ReactNode
  children: ReactNode
  flush?: boolean
}) {
  return (
    <section className="ui-panel" aria-label={label}>
      {title || aside ? (
        <div className="ui-panel-head">
          {title ? <Title order={2}>{title}</Title> : <span />}
          {aside}
        </div>
      ) : null}
      <div className={flush ? undefined : 'ui-panel-body'}>{children}</div>
    </section>
  )
}
