import { Anchor, Button, Divider, Modal, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { createContext, type FormEvent, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import type { Me } from '#trust/access/contract'
import { setPlace } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { Failed } from '../ui/state.tsx'
import { call, csrfTokenNow, isRefusal, onSessionEnded, queries, type Refusal, setCsrfToken, useAsk } from './api.ts'
import { keepPlace, refusedBecause } from './came.ts'
import * as endpoints from './endpoints.ts'
import { allowed } from './registration.ts'
import { t, whyRefused } from './words.ts'

interface Session {
  readonly me: Me
  readonly may: (needs: string | readonly string[]) => boolean
  readonly signOut: () => Promise<void>
}
const SessionContext = createContext<Session | null>(null)

/** Who is signed in and what they may do. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('Only pages inside a session ask who is signed in.')
  return session
}
export const useMay = (): Session['may'] => useSession().may

let insideMay: Session['may'] = () => false
/** The same, outside of what is drawn. */
export const mayNow: Session['may'] = (needs) => insideMay(needs)

/** Login and password, or the bank's own account. Says what the server said when it is not them. */
function SignInForm({ onDone, login, newTab = false }: { onDone: (me: Me) => void; login?: string; newTab?: boolean }) {
  const ways = useAsk(endpoints.waysIn, {}, { staleTime: 600_000 })
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    setRefusal(null)
    try {
      const body = { login: String(form.get('login')).trim().toLowerCase(), password: String(form.get('password')) }
      const { me, csrfToken } = await call(endpoints.signIn, { body }, { asItIs: true })
      setCsrfToken(csrfToken)
      onDone(me)
    } catch (error) {
      if (isRefusal(error)) setRefusal(error)
      else throw error
    } finally {
      setBusy(false)
    }
  }
  return (
    <Stack gap={16}>
      <form onSubmit={submit}>
        <Stack gap={12}>
          <TextInput
            name="login"
            label={t('login')}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
            defaultValue={login ?? ''}
            data-autofocus={login === undefined || undefined}
          />
          <PasswordInput
            name="password"
            label={t('password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            data-autofocus={login !== undefined || undefined}
          />
          {refusal ? (
            <Text role="alert" size="sm" className="ui-bad">
              {refusal.message} {refusal.next}
            </Text>
          ) : null}
          <Button type="submit" loading={busy} fullWidth>
            {t('signIn')}
          </Button>
        </Stack>
      </form>
      {ways.data?.outside ? (
        <>
          <Divider label={t('or')} />
          <Button
            component="a"
            variant="default"
            fullWidth
            href="/api/trust/access/outside"
            {...(newTab ? { target: '_blank', rel: 'noopener' } : { onClick: keepPlace })}
          >
            {newTab ? t('outsideAgain') : t('outside')}
          </Button>
        </>
      ) : null}
    </Stack>
  )
}

/** A page of its own with one thing to do. */
function Door({ title, sentence, children }: { title: string; sentence: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Clientele`
  }, [title])
  return (
    <main className="shell-door">
      <div className="shell-door-card">
        <div className="shell-brand">
          <img src="/mark.svg" alt="" width={28} height={28} />
          <span>Clientele</span>
        </div>
        <div>
          <Title order={1}>{title}</Title>
          <Text component="p" c="dimmed" m={0} mt={4}>
            {sentence}
          </Text>
        </div>
        {children}
      </div>
    </main>
  )
}

/** Old and new password; all of one's other sessions end. */
export function OwnPassword({ onDone }: { onDone: (me: Me) => void }) {
  const [refusal, setRefusal] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [current, next, again] = ['current', 'next', 'again'].map((name) => String(form.get(name)))
    if (next!.length < 12) return setRefusal(t('tooShort'))
    if (next !== again) return setRefusal(t('notSame'))
    setBusy(true)
    try {
      const { me, csrfToken } = await call(endpoints.changePassword, { body: { current: current!, next: next! } })
      setCsrfToken(csrfToken)
      onDone(me)
    } catch (error) {
      if (!isRefusal(error)) throw error
      setRefusal(`${error.message} ${error.next}`)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={submit}>
      <Stack gap={12}>
        <PasswordInput
          name="current"
          label={t('current')}
          autoComplete="current-password"
          required
          withAsterisk={false}
        />
        <PasswordInput name="next" label={t('next')} autoComplete="new-password" required withAsterisk={false} />
        <PasswordInput name="again" label={t('nextAgain')} autoComplete="new-password" required withAsterisk={false} />
        {refusal ? (
          <Text role="alert" size="sm" className="ui-bad">
            {refusal}
          </Text>
        ) : null}
        <Button type="submit" loading={busy}>
          {t('save')}
        </Button>
      </Stack>
    </form>
  )
}

/** The session's end is met where it happens: over the page, which keeps what stood on it. */
function SignInAgain({ me, onDone }: { me: Me; onDone: () => void }) {
  const [other, setOther] = useState(false)
  const done = (found: Me): void => {
    if (found.id === me.id) onDone()
    else {
      setOther(true)
      window.location.assign('/')
    }
  }
  // Whoever signed in with the bank's account did so in another tab: coming back to this one is enough.
  useEffect(() => {
    const look = (): void => {
      call(endpoints.me, {}, { asItIs: true }).then(
        (found) => {
          setCsrfToken(found.csrfToken)
          done(found.me)
        },
        () => {},
      )
    }
    window.addEventListener('focus', look)
    return () => window.removeEventListener('focus', look)
  })
  return (
    <Modal
      opened
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t('expiredTitle')}
      centered
    >
      <Stack gap={16}>
        <Text>{other ? t('notYou') : t('expiredSentence')}</Text>
        <Text c="dimmed" size="sm">
          {t('lockedLogin', { name: me.name })}
        </Text>
        <SignInForm onDone={done} newTab />
        <Anchor component="button" type="button" size="sm" onClick={() => window.location.assign('/')}>
          {t('toHome')}
        </Anchor>
      </Stack>
    </Modal>
  )
}

/**
 * Whether the same person has signed in again in another window: this one then goes on with the new session, instead of
 * asking for a password and ending the other's.
 */
const signedInElsewhere = (me: Me): Promise<boolean> =>
  call(endpoints.me, {}, { asItIs: true }).then(
    (found) => {
      if (found.me.id !== me.id || found.csrfToken === csrfTokenNow()) return false
      setCsrfToken(found.csrfToken)
      return true
    },
    () => false,
  )

function Inside({ me, children }: { me: Me; children: ReactNode }) {
  const [ended, setEnded] = useState(false)
  const waiting = useRef<(() => void)[]>([])
  useEffect(() => {
    onSessionEnded(async () => {
      if (await signedInElsewhere(me)) return
      return new Promise((resolve) => {
        waiting.current.push(resolve)
        setEnded(true)
      })
    })
    return () => onSessionEnded(undefined)
  }, [me])
  const session = useMemo<Session>(() => {
    const permissions = new Set(me.permissions)
    return {
      me,
      may: (needs) => allowed(permissions, needs),
      signOut: async () => {
        await call(endpoints.signOut, {}, { asItIs: true }).catch(() => {})
        // Nothing of this person's stays in the page's memory.
        window.location.assign('/')
      },
    }
  }, [me])
  insideMay = session.may
  return (
    <SessionContext value={session}>
      {children}
      {ended ? (
        <SignInAgain
          me={me}
          onDone={() => {
            setEnded(false)
            for (const go of waiting.current.splice(0)) go()
          }}
        />
      ) : null}
    </SessionContext>
  )
}

/** Lets in whoever is known, asks everybody else to sign in, and keeps the address they came for. */
export function Gate({ children }: { children: ReactNode }) {
  const [known, setKnown] = useState<Me | null | undefined>(undefined)
  const [failure, setFailure] = useState<Refusal | null>(null)
  const enter = async (me: Me): Promise<void> => {
    if (!me.mustChangePassword) {
      const { bank, now } = await call(endpoints.running, {}, { asItIs: true })
      setPlace({
        ...(bank ? { zone: bank.zone, currency: bank.currency } : {}),
        aheadMs: new Date(now).getTime() - Date.now(),
      })
    }
    setKnown(me)
  }
  const look = (): void => {
    setFailure(null)
    call(endpoints.me, {}, { asItIs: true })
      .then((found) => {
        setCsrfToken(found.csrfToken)
        return enter(found.me)
      })
      .catch((error: unknown) => {
        if (isRefusal(error) && error.kind === 'unauthenticated') setKnown(null)
        else setFailure(error as Refusal)
      })
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when the page is loaded.
  useEffect(look, [])
  if (failure)
    return (
      <main>
        <Failed failure={failure} onAgain={look} />
      </main>
    )
  if (known === undefined) return <main aria-busy="true" />
  const came = (me: Me): void => {
    queries.clear()
    enter(me).catch(setFailure)
  }
  if (known === null)
    return (
      <Door title={t('signInTitle')} sentence={t('signInSentence')}>
        {refusedBecause() === null ? null : (
          <Text role="alert" m={0} className="shell-refused">
            <Icon name="bad" className="ui-bad" /> {whyRefused(refusedBecause()!)}
          </Text>
        )}
        <SignInForm onDone={came} />
      </Door>
    )
  if (known.mustChangePassword)
    return (
      <Door title={t('mustChangeTitle')} sentence={t('mustChangeSentence')}>
        <OwnPassword onDone={came} />
      </Door>
    )
  return <Inside me={known}>{children}</Inside>
}
