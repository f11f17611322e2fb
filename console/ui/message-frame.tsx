import { number } from './format.ts'
import { Icon } from './icons.tsx'
import './message-frame.css'
import { words } from './words.ts'

const t = words('ui.message', {
  characters: '{{used}} of {{max}} characters',
  charactersFree_one: 'one character',
  charactersFree_other: '{{count, number}} characters',
  tooLong: 'too long',
  parts_one: 'one SMS',
  parts_other: '{{count}} SMS',
  unicode: 'signs beyond the SMS alphabet make each shorter: {{signs}}',
  say: 'Say',
  subject: 'Subject',
  noSubject: 'no subject',
  emailFrame: '{{title}}, as an e-mail',
  notNow: 'Not now',
  more: 'More',
  now: 'now',
  theBank: 'Your bank',
  picture: 'Picture: {{alt}}',
})

export type Frame = 'card' | 'web' | 'email' | 'sms' | 'push' | 'letter' | 'script'

/** What a channel needs to reach somebody, and whether a person reads it out: this says how it looks. */
export interface FramedChannel {
  readonly id: string
  /** email | sms | push | call | post | none */
  readonly consent: string | undefined
  readonly staffed: boolean
}

const BY_CONSENT: Readonly<Record<string, Frame>> = {
  email: 'email',
  sms: 'sms',
  push: 'push',
  post: 'letter',
  call: 'script',
}

export const frameOf = ({ id, consent = 'none', staffed }: FramedChannel): Frame =>
  BY_CONSENT[consent] ?? (staffed ? 'script' : /web|internet|browser/.test(id) ? 'web' : 'card')

/** How a text goes out as SMS: how many, and which signs make each of them hold less. */
export interface SmsParts {
  readonly parts: number
  readonly unicode: readonly string[]
}

export interface Message {
  readonly language: string
  readonly subject: string | null
  readonly text: string
  readonly linkLabel: string | null
  readonly imageAlt: string | null
  readonly sms?: SmsParts | null
}

const HTML: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur'])

/**
 * An e-mail as a document of its own. It is shown in a frame that may run nothing, send nothing and reach nothing; plain
 * text is escaped, and what is HTML came from the playbook with its values escaped.
 */
const mailOf = (text: string, format: string, language: string): string => {
  const body =
    format === 'html' ? text : `<p>${text.replace(/[&<>"]/g, (sign) => HTML[sign]!).replaceAll('\n', '<br>')}</p>`
  return `<!doctype html><html lang="${language}" dir="${RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr'}"><head><meta charset="utf-8"><title>E-mail</title></head><body><main><font face="Arial, sans-serif" size="3">${body}</font></main></body></html>`
}

/** Room used of what the channel has, in words. */
function Room({ text, max, sms }: { text: string; max: number | undefined; sms: SmsParts | null | undefined }) {
  const used = [...text].length
  const long = max !== undefined && used > max
  return (
    <span className={long ? 'frame-room ui-bad' : 'frame-room'}>
      {max === undefined
        ? t('charactersFree', { count: used })
        : t('characters', { used: number(used), max: number(max) })}
      {long ? ` · ${t('tooLong')}` : ''}
      {sms ? ` · ${t('parts', { count: sms.parts })}` : ''}
      {sms && sms.unicode.length > 0 ? ` · ${t('unicode', { signs: sms.unicode.join(' ') })}` : ''}
    </span>
  )
}

/** A page says which way its language runs; a telephone goes by the first sign of the text, whatever its language. */
const directionOf = (frame: Frame, language: string): 'auto' | 'ltr' | 'rtl' =>
  frame === 'sms' || frame === 'push' ? 'auto' : RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr'

/** A message as the customer meets it on its channel. */
export function Framed({
  frame,
  title,
  message,
  format,
  charactersMax,
}: {
  frame: Frame
  title: string
  message: Message
  format: string
  charactersMax: number | undefined
}) {
  const { language, subject, text, linkLabel } = message
  const dir = directionOf(frame, language)
  const room = <Room text={text} max={charactersMax} sms={message.sms} />
  if (frame === 'email')
    return (
      <div className="frame frame-email">
        <dl>
          <dt>{t('subject')}</dt>
          <dd>
            <bdi>{subject ?? t('noSubject')}</bdi>
          </dd>
        </dl>
        <iframe title={t('emailFrame', { title })} sandbox="" srcDoc={mailOf(text, format, language)} />
        {room}
      </div>
    )
  if (frame === 'sms')
    return (
      <div className="frame frame-sms">
        <p lang={language} dir={dir}>
          {text}
        </p>
        {room}
      </div>
    )
  if (frame === 'push')
    return (
      <div className="frame frame-push">
        <div className="frame-notice">
          <span className="frame-notice-head">
            <Icon name="message" size={14} /> <bdi>{subject ?? t('theBank')}</bdi> <span>{t('now')}</span>
          </span>
          <p lang={language} dir={dir}>
            {text}
          </p>
        </div>
        {room}
      </div>
    )
  if (frame === 'letter')
    return (
      <div className="frame frame-letter">
        {subject === null ? null : (
          <p lang={language}>
            <strong>{subject}</strong>
          </p>
        )}
        <p lang={language} dir={dir}>
          {text}
        </p>
        {room}
      </div>
    )
  if (frame === 'script')
    return (
      <div className="frame frame-script">
        <span className="frame-say">
          <Icon name="talk" size={14} /> {t('say')}
        </span>
        <blockquote lang={language} dir={dir}>
          {text}
        </blockquote>
        {room}
      </div>
    )
  const card = (
    <>
      {message.imageAlt === null ? null : (
        <span className="frame-picture">{t('picture', { alt: message.imageAlt })}</span>
      )}
      {subject === null ? null : (
        <strong lang={language} dir={dir}>
          {subject}
        </strong>
      )}
      <p lang={language} dir={dir}>
        {text}
      </p>
      <span className="frame-buttons">
        <span className="frame-button frame-first">{linkLabel ?? t('more')}</span>
        <span className="frame-button">{t('notNow')}</span>
      </span>
    </>
  )
  if (frame === 'web')
    return (
      <div className="frame frame-web">
        <div className="frame-page">
          <span className="frame-page-bar" aria-hidden="true">
            <span />
            <span />
            <span />
          </span>
          <div className="frame-banner">{card}</div>
        </div>
        {room}
      </div>
    )
  return (
    <div className="frame frame-card">
      <div className="frame-phone">{card}</div>
      {room}
    </div>
  )
}
