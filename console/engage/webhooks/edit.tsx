import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { EventTypesReply, NewWebhook, Webhook } from '#engage/webhooks/contract'
import { isRefusal, type Refusal, useAsk, useTell } from '../../shell/api.ts'
import { Once } from '../../ui/once.tsx'
import { Shown } from '../../ui/state.tsx'
import { done } from '../../ui/toast.tsx'
import * as endpoints from './endpoints.ts'
import { pretty } from './state.tsx'
import { t } from './words.ts'

type Type = EventTypesReply['types'][number]

/** The events there are, each with what it means and what is sent. */
function Types({
  types,
  chosen,
  onChange,
}: {
  types: readonly Type[]
  chosen: readonly string[]
  onChange: (next: string[]) => void
}) {
  return (
    <Checkbox.Group label={t('wants')} value={[...chosen]} onChange={onChange}>
      <Stack gap={10} mt={6}>
        {types.map(({ type, meaning, sample }) => (
          <div key={type}>
            <Checkbox value={type} label={<span className="ui-mono">{type}</span>} description={meaning} />
            <details className="hook-sample">
              <summary>
                {t('sample')} <span className="ui-visually-hidden">{type}</span>
              </summary>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
              <pre className="ui-mono" tabIndex={0}>
                {pretty(sample)}
              </pre>
            </details>
          </div>
        ))}
      </Stack>
    </Checkbox.Group>
  )
}

/** Names a system to be told, or changes one. A new one's secret is shown once, then its page. */
export function EditWebhook({ webhook, onClose }: { webhook?: Webhook; onClose: () => void }) {
  const navigate = useNavigate()
  const found = useAsk(endpoints.types, {}, { staleTime: Number.POSITIVE_INFINITY })
  const [title, setTitle] = useState(webhook?.title ?? '')
  const [url, setUrl] = useState(webhook?.url ?? '')
  const [types, setTypes] = useState<string[]>(webhook?.types ?? [])
  const [problem, setProblem] = useState<string | null>(null)
  const [made, setMade] = useState<{ webhookId: string; secret: string } | null>(null)
  const make = useTell(endpoints.make, { stale: [endpoints.list] })
  const change = useTell(endpoints.change, { stale: [endpoints.list] })
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (types.length === 0) return setProblem(t('chooseOne'))
    setProblem(null)
    const body = { title: title.trim(), url: url.trim(), types } as NewWebhook
    try {
      if (webhook === undefined) return setMade(await make.mutateAsync({ body }))
      await change.mutateAsync({ params: { webhookId: webhook.webhookId }, body })
      done(t('saved'))
      onClose()
    } catch (error) {
      if (!isRefusal(error)) throw error
      const { message, next }: Refusal = error
      setProblem(`${message} ${next}`)
    }
  }
  if (made)
    return (
      <Once
        title={t('secretTitle', { title })}
        says={t('secretSays')}
        secret={made.secret}
        onClose={() => {
          onClose()
          void navigate({ to: `/engage/webhooks/${made.webhookId}` })
        }}
      />
    )
  return (
    <Modal
      opened
      onClose={onClose}
      title={webhook ? t('editTitle', { title: webhook.title }) : t('newTitle')}
      centered
      size="lg"
      closeButtonProps={{ 'aria-label': t('cancel') }}
    >
      <form onSubmit={submit}>
        <Stack gap={16}>
          <TextInput
            label={t('name')}
            description={t('titleHint')}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            required
            withAsterisk={false}
            maxLength={160}
            data-autofocus
          />
          <TextInput
            label={t('url')}
            description={t('urlHint')}
            type="url"
            placeholder="https://"
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
            required
            withAsterisk={false}
            maxLength={2000}
            spellCheck={false}
          />
          <Shown of={found}>{(reply) => <Types types={reply.types} chosen={types} onChange={setTypes} />}</Shown>
          {problem ? (
            <Text role="alert" size="sm" className="ui-bad" m={0}>
              {problem}
            </Text>
          ) : null}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={make.isPending || change.isPending}>
              {webhook ? t('save') : t('makeIt')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
