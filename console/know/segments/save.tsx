import { Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { type Refusal, useAsk, useTell } from '../../shell/api.ts'
import { useSession } from '../../shell/session.tsx'
import { documentText, idFrom, isId, type SegmentFields } from './document.ts'
import * as endpoints from './endpoints.ts'
import { t } from './words.ts'

const NEW = 'new'

/** Saves a rule as a change of a draft: a new one, or one of one's own that is open. */
export function Save({
  segment,
  rule,
  taken,
  onClose,
  onSaved,
}: {
  /** What the playbook holds; null for a new one. */
  segment: SegmentFields | null
  rule: string
  /** Ids that are there already. */
  taken: ReadonlySet<string>
  onClose: () => void
  onSaved: () => void
}) {
  const { me } = useSession()
  const [title, setTitle] = useState(segment?.title ?? '')
  const [ownId, setOwnId] = useState<string | null>(segment?.id ?? null)
  const [meaning, setMeaning] = useState(segment?.meaning ?? '')
  const [why, setWhy] = useState('')
  const [into, setInto] = useState(NEW)
  const [tried, setTried] = useState(false)
  const [savedIn, setSavedIn] = useState<string | null>(null)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const drafts = useAsk(endpoints.drafts, {})
  const begin = useTell(endpoints.beginDraft, { stale: [endpoints.drafts] })
  const write = useTell(endpoints.writeIntoDraft, { stale: [endpoints.drafts] })
  const id = ownId ?? idFrom(title)
  const idWrong = !isId(id) ? t('idWrong') : segment === null && taken.has(id) ? t('idTaken') : null
  const mine = (drafts.data?.drafts ?? []).filter(
    ({ madeBy, withdrawnAt, sequence }) => madeBy === me.id && withdrawnAt === null && sequence === null,
  )
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setTried(true)
    if (title.trim() === '' || idWrong || (into === NEW && why.trim() === '')) return
    const text = documentText({
      ...(segment ?? {}),
      kind: 'segment',
      id,
      title: title.trim(),
      meaning: meaning.trim() || undefined,
      rule: rule.trim(),
    })
    const changes = [{ kind: 'segment', id, text }]
    setRefusal(null)
    try {
      if (into === NEW) {
        const body = { title: t('draftTitle', { title: title.trim() }), reason: why.trim(), changes }
        const { draftId } = await begin.mutateAsync({ body })
        setSavedIn(draftId)
      } else {
        await write.mutateAsync({ params: { draftId: into }, body: { changes } })
        setSavedIn(into)
      }
      onSaved()
    } catch (error) {
      setRefusal(error as Refusal)
    }
  }
  if (savedIn !== null)
    return (
      <Modal opened onClose={onClose} title={t('saved')} closeButtonProps={{ 'aria-label': 'Close' }}>
        <Text>{t('saveSentence')}</Text>
        <Group mt="lg" justify="flex-end">
          <Button component={Link} to={`/trust/playbook/drafts/${savedIn}`} data-autofocus>
            {t('openDraft')}
          </Button>
        </Group>
      </Modal>
    )
  return (
    <Modal opened onClose={onClose} title={t('saveTitle')} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(event) => void save(event)} noValidate>
        <Stack gap="md">
          <Text c="dimmed">{t('saveSentence')}</Text>
          <TextInput
            label={t('nameIt')}
            value={title}
            maxLength={120}
            data-autofocus={segment === null || undefined}
            error={tried && title.trim() === '' ? t('required') : undefined}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          {segment === null ? (
            <TextInput
              label={t('id')}
              description={t('idSays')}
              className="ui-ltr"
              value={id}
              maxLength={63}
              error={(tried || ownId !== null) && idWrong ? idWrong : undefined}
              onChange={(event) => setOwnId(event.currentTarget.value)}
            />
          ) : null}
          <Textarea
            label={t('meaningIt')}
            value={meaning}
            maxLength={1000}
            autosize
            minRows={1}
            maxRows={4}
            onChange={(event) => setMeaning(event.currentTarget.value)}
          />
          {mine.length > 0 ? (
            <Select
              label={t('into')}
              data={[
                { value: NEW, label: t('intoNew') },
                ...mine.map(({ draftId, title: draft }) => ({ value: draftId, label: draft })),
              ]}
              value={into}
              onChange={(chosen) => setInto(chosen ?? NEW)}
              allowDeselect={false}
            />
          ) : null}
          {into === NEW ? (
            <Textarea
              label={t('why')}
              description={t('whySays')}
              value={why}
              maxLength={2000}
              autosize
              minRows={2}
              maxRows={5}
              data-autofocus={segment !== null || undefined}
              error={tried && why.trim() === '' ? t('required') : undefined}
              onChange={(event) => setWhy(event.currentTarget.value)}
            />
          ) : null}
          {refusal ? (
            <Text role="alert" className="ui-bad">
              {refusal.message} {refusal.next}
            </Text>
          ) : null}
          <Group justify="flex-end">
            <Button type="submit" loading={begin.isPending || write.isPending}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
