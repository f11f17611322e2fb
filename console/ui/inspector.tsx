import { ActionIcon, Drawer, Title } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { type ReactNode, useEffect } from 'react'
import { Icon } from './icons.tsx'
import './inspector.css'
import { words } from './words.ts'

const t = words('ui.inspector', { close: 'Close the details' })

/** What explains the thing selected, at the right, beside the page; on a small screen over it. Escape closes it. */
export function Inspector({
  title,
  tools,
  onClose,
  children,
}: {
  title: string
  tools?: ReactNode
  onClose: () => void
  children: ReactNode
}) {
  const small = useMediaQuery('(max-width: 62em)') ?? false
  useEffect(() => {
    if (small) return
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) onClose()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [small, onClose])
  if (small)
    return (
      <Drawer
        opened
        onClose={onClose}
        position="right"
        size="min(440px, 92vw)"
        title={title}
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        {children}
      </Drawer>
    )
  return (
    <aside className="ui-inspector" aria-label={title}>
      <div className="ui-inspector-head">
        <Title order={2}>{title}</Title>
        <span className="ui-inspector-tools">
          {tools}
          <ActionIcon variant="subtle" color="gray" aria-label={t('close')} onClick={onClose}>
            <Icon name="close" />
          </ActionIcon>
        </span>
      </div>
      <div className="ui-inspector-body">{children}</div>
    </aside>
  )
}

/** Names and values, one under the other. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="ui-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
