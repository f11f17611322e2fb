import { Button, Group, Modal, MultiSelect, NumberInput, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { isRefusal, type Refusal, useTell } from '../../shell/api.ts'
import { roleName } from '../../shell/words.ts'
import { Once } from '../../ui/once.tsx'
import * as endpoints from './endpoints.ts'
import { readUnits, scopeOf } from './units.ts'
import { t } from './words.ts'

const Wrong = ({ refusal }: { refusal: Refusal | null }) =>
  refusal ? (
    <Text role="alert" size="sm" className="ui-bad" m={0}>
      {refusal.message} {refusal.next}
    </Text>
  ) : null

const Buttons = ({ onClose, action, busy }: { onClose: () => void; action: string; busy: boolean }) => (
  <Group justify="flex-end" gap={8}>
    <Button variant="default" onClick={onClose}>
      {t('cancel')}
    </Button>
    <Button type="submit" loading={busy}>
      {action}
    </Button>
  </Group>
)

/** A person of the bank gets a login, roles and customers; the answer is a password for once. */
export function AddPerson({ roles, onClose }: { roles: readonly string[]; onClose: () => void }) {
  const [chosen, setChosen] = useState<string[]>([])
  const [name, setName] = useState('')
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [unitsError, setUnitsError] = useState<string | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const add = useTell(endpoints.addPerson, { stale: [endpoints.people] })
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const read = readUnits(String(form.get('units')))
    if ('error' in read) return setUnitsError(read.error)
    setUnitsError(null)
    setRefusal(null)
    try {
      const body = { login: String(form.get('login')).trim(), name: name.trim(), roles: chosen, units: read.units }
      setSecret((await add.mutateAsync({ body })).oneTimePassword)
    } catch (error) {
      if (!isRefusal(error)) throw error
      setRefusal(error)
    }
  }
  if (secret)
    return <Once title={t('passwordTitle')} says={t('passwordSays', { name })} secret={secret} onClose={onClose} />
  return (
    <Modal opened onClose={onClose} title={t('add')} centered closeButtonProps={{ 'aria-label': t('cancel') }}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          <Text m={0} size="sm" c="dimmed">
            {t('addSays')}
          </Text>
          <TextInput
            label={t('name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            withAsterisk={false}
            maxLength={200}
            data-autofocus
          />
          <TextInput
            name="login"
            label={t('login')}
            description={t('loginHint')}
            required
            withAsterisk={false}
            pattern="[a-z0-9][a-z0-9._@\-]{1,99}"
            autoCapitalize="none"
            spellCheck={false}
          />
          <MultiSelect
            label={t('role')}
            data={roles.map((role) => ({ value: role, label: roleName(role) }))}
            value={chosen}
            onChange={setChosen}
            searchable
          />
          <Textarea
            name="units"
            label={t('units')}
            description={t('unitsHint')}
            error={unitsError}
            autosize
            minRows={2}
          />
          <Wrong refusal={refusal} />
          <Buttons onClose={onClose} action={t('give')} busy={add.isPending} />
        </Stack>
      </form>
    </Modal>
  )
}

/** A key for another system, shown once. */
export function AddKey({ permissions, onClose }: { permissions: readonly string[]; onClose: () => void }) {
  const [chosen, setChosen] = useState<string[]>([])
  const [title, setTitle] = useState('')
  const [days, setDays] = useState<number | string>(365)
  const [units, setUnits] = useState('bank')
  const [unitsError, setUnitsError] = useState<string | null>(null)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const add = useTell(endpoints.addKey, { stale: [endpoints.keys] })
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setRefusal(null)
    const read = readUnits(units)
    if ('error' in read) return setUnitsError(read.error)
    if (read.units.length === 0) return setUnitsError(t('keyForNobody'))
    setUnitsError(null)
    try {
      const body = { title: title.trim(), permissions: chosen, scope: scopeOf(read.units), days: Number(days) }
      setSecret((await add.mutateAsync({ body })).key)
    } catch (error) {
      if (!isRefusal(error)) throw error
      setRefusal(error)
    }
  }
  if (secret)
    return <Once title={t('keyTitle')} says={t('keySays', { name: title })} secret={secret} onClose={onClose} />
  return (
    <Modal opened onClose={onClose} title={t('addKey')} centered closeButtonProps={{ 'aria-label': t('cancel') }}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          <TextInput
            label={t('keyName')}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            required
            withAsterisk={false}
            maxLength={200}
            data-autofocus
          />
          <MultiSelect
            label={t('permissions')}
            data={[...permissions]}
            value={chosen}
            onChange={setChosen}
            searchable
            limit={100}
          />
          <Textarea
            label={t('keyUnits')}
            description={t('keyUnitsHint')}
            value={units}
            onChange={(event) => setUnits(event.currentTarget.value)}
            error={unitsError}
            autosize
            minRows={1}
          />
          <NumberInput label={t('days')} value={days} onChange={setDays} min={1} max={730} />
          <Wrong refusal={refusal} />
          <Buttons onClose={onClose} action={t('make')} busy={add.isPending} />
        </Stack>
      </form>
    </Modal>
  )
}
