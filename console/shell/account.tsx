import { Menu, Modal, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { Icon } from '../ui/icons.tsx'
import { done } from '../ui/toast.tsx'
import { OwnPassword, useSession } from './session.tsx'
import { roleName, t } from './words.ts'

/** Who one is, and the two things one does about it. */
export function Account() {
  const { me, signOut } = useSession()
  const [changing, setChanging] = useState(false)
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <UnstyledButton className="shell-account" aria-label={t('account', { name: me.name })}>
            <span className="shell-initials" aria-hidden="true">
              {[...me.name.trim()][0]?.toUpperCase() ?? '?'}
            </span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <bdi className="shell-account-name">{me.name}</bdi>
            {me.roles.map((role) => (
              <div key={role}>{roleName(role)}</div>
            ))}
          </Menu.Label>
          <Menu.Divider />
          <Menu.Item leftSection={<Icon name="key" />} onClick={() => setChanging(true)}>
            {t('changePassword')}
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="out" />} onClick={() => void signOut()}>
            {t('signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={changing}
        onClose={() => setChanging(false)}
        title={t('changePassword')}
        centered
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        <OwnPassword
          onDone={() => {
            setChanging(false)
            done(t('passwordChanged'))
          }}
        />
      </Modal>
    </>
  )
}
