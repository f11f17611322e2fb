import { Button, Skeleton, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Icon, type IconName } from './icons.tsx'
import { words } from './words.ts'

const t = words('ui.state', {
  again: 'Try again',
  coming: 'On its way',
  failed: 'This could not be shown',
  kept: 'Nothing was changed or lost.',
  request: 'Request {{id}}',
})

/** A failure, as whoever shows it knows it. */
export interface Failure {
  readonly message: string
  /** What to do about it. */
  readonly next?: string
  readonly requestId?: string | null
}

/** An empty page: what will be here, why it is worth having, the first step. */
export function Empty({
  icon = 'info',
  title,
  sentence,
  action,
}: {
  icon?: IconName
  title: string
  sentence: string
  action?: ReactNode
}) {
  return (
    <div className="ui-state">
      <Icon name={icon} size={28} className="ui-quiet" />
      <Title order={2}>{title}</Title>
      <Text component="p" c="dimmed">
        {sentence}
      </Text>
      {action}
    </div>
  )
}

/** What happened, what was not lost, what to do. */
export function Failed({
  failure,
  onAgain,
  title,
}: {
  failure: Failure
  onAgain?: (() => void) | undefined
  title?: string
}) {
  return (
    <div className="ui-state" role="alert">
      <Icon name="bad" size={28} className="ui-bad" />
      <Title order={2}>{title ?? t('failed')}</Title>
      <Text component="p">
        {failure.message} {failure.next}
      </Text>
      <Text component="p" c="dimmed" size="sm">
        {t('kept')}{' '}
        {failure.requestId ? <span className="ui-mono">{t('request', { id: failure.requestId })}</span> : null}
      </Text>
      {onAgain ? (
        <Button variant="default" onClick={onAgain} leftSection={<Icon name="again" />}>
          {t('again')}
        </Button>
      ) : null}
    </div>
  )
}

/** The shape of rows that are on their way. */
export function RowsComing({ rows = 8, height = 20 }: { rows?: number; height?: number }) {
  return (
    <div aria-busy="true" className="ui-skeleton">
      <span className="ui-visually-hidden">{t('coming')}</span>
      <Stack gap={12} aria-hidden="true" p={12}>
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows that have nothing else to be told apart by.
          <Skeleton key={row} height={height} width={`${92 - ((row * 17) % 40)}%`} />
        ))}
      </Stack>
    </div>
  )
}

interface Asking<T> {
  readonly data: T | undefined
  readonly error: Failure | null
  readonly refetch: () => unknown
}

/** Shows an answer when it is there, its shape before, and what went wrong otherwise. */
export function Shown<T>({
  of,
  children,
  coming,
}: {
  of: Asking<T>
  children: (data: T) => ReactNode
  coming?: ReactNode
}) {
  if (of.data !== undefined) return <>{children(of.data)}</>
  if (of.error) return <Failed failure={of.error} onAgain={() => void of.refetch()} />
  return <>{coming ?? <RowsComing />}</>
}
