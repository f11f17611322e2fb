import { Button, Code, Group, Stack, Text, Title } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { Icon } from '../ui/icons.tsx'
import { t } from './words.ts'

/** A part of an older build that the server no longer has: not a fault, only a newer version. */
const isOfOlderBuild = (error: Error): boolean =>
  /dynamically imported module|importing a module script|error loading dynamically/i.test(error.message)

/** The page that stands where a page stopped. */
export function Stopped({ error: thrown }: { error: unknown }) {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const newBuild = isOfOlderBuild(error)
  return (
    <div className="ui-state" role="alert">
      <Icon name={newBuild ? 'again' : 'bad'} size={28} className={newBuild ? 'ui-info' : 'ui-bad'} />
      <Title order={1}>{newBuild ? t('newBuildTitle') : t('brokenTitle')}</Title>
      <Text component="p">{newBuild ? t('newBuildSentence') : t('brokenSentence')}</Text>
      {newBuild ? null : (
        <Stack gap={4} align="center">
          <Text component="p" size="sm" c="dimmed">
            {t('brokenDo')}
          </Text>
          <Code>{error.message}</Code>
        </Stack>
      )}
      <Group>
        <Button onClick={() => window.location.reload()} leftSection={<Icon name="again" />}>
          {t('reload')}
        </Button>
        <Button component="a" href="/" variant="default">
          {t('toHome')}
        </Button>
      </Group>
    </div>
  )
}

/** Catches what no page caught, so that nobody is left before an empty window. */
export class Broken extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }
  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error }
  }
  override render(): ReactNode {
    const { error } = this.state
    return error ? (
      <main>
        <Stopped error={error} />
      </main>
    ) : (
      this.props.children
    )
  }
}
