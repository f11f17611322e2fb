import { Button, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { Icon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import './customers.css'
import { t } from './words-home.ts'

/** On the home page of whoever serves customers: the one on the line is found first. */
export default function HomeFind() {
  const [text, setText] = useState('')
  const navigate = useNavigate()
  const find = (event: FormEvent): void => {
    event.preventDefault()
    const wanted = text.trim()
    if (wanted !== '') void navigate({ to: '/know/customers', search: { find: wanted } as never })
  }
  return (
    <Panel title={t('find')}>
      <form onSubmit={find} className="customers-home-find">
        <TextInput
          type="search"
          size="md"
          aria-label={t('find')}
          placeholder={t('findBy')}
          leftSection={<Icon name="search" />}
          value={text}
          maxLength={200}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" size="md" disabled={text.trim() === ''}>
          {t('go')}
        </Button>
      </form>
    </Panel>
  )
}
