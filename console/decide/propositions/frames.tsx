import type { ChannelDocument } from '#decide/propositions/contract'
import { number } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { t } from './words.ts'

export type Frame = 'card' | 'email' | 'sms' | 'push' | 'letter' | 'script'

/** How a channel looks: by what it needs to reach somebody, and whether a person reads it out. */
export function frameOf(id: string, channel: ChannelDocument | undefined, staffed: ReadonlySet<string>): Frame {
  if (channel?.consent === 'email') return 'email'
  if (channel?.consent === 'sms') return 'sms'
  if (channel?.consent === 'push') return 'push'
  if (channel?.consent === 'post') return 'letter'
  if (channel?.consent === 'call' || staffed.has(id)) return 'script'
  return 'card'
}

interface Message {
  readonly language: string
  readonly subject: string | null
  readonly text: string
  readonly linkLabel: string | null
  readonly imageAlt: string | null
}

const HTML: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/**
 * An e-mail as a document of its own. It is shown in a frame that may run nothing, send nothing and reach nothing; plain
 * text is escaped, and what is HTML came from the playbook with its values escaped.
 */
const mailOf = (text: string, format: string, language: string): string => {
  const body =
    format === 'html' ? text : `<p>${text.replace(/[&<>"]/g, (sign) => HTML[sign]!).replaceAll('\n', '<br>')}</p>`
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>E-mail</title></head><body><main><font face="Arial, sans-serif" size="3">${body}</font></main></body></html>`
}

/** Room used of what the channel has, in words as well as in a bar. */
function Room({ text, max }: { text: string; max: number | undefined }) {
  const used = [...text].length
  if (max === undefined) return <span className="frame-room">{t('charactersFree', { count: used })}</span>
  return (
    <span className={used > max ? 'frame-room ui-bad' : 'frame-room'}>
      {t('characters', { used: number(used), max: number(max) })}
      {used > max ? ` · ${t('tooLong')}` : ''}
    </span>
  )
}

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
  const room = <Room text={text} max={charactersMax} />
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
        <p lang={language}>{text}</p>
        {room}
      </div>
    )
  if (frame === 'push')
    return (
      <div className="frame frame-push">
        <div className="frame-notice">
          <span className="frame-notice-head">
            <Icon name="message" size={14} /> <bdi>{subject ?? title}</bdi> <span>{t('now')}</span>
          </span>
          <p lang={language}>{text}</p>
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
        <p lang={language}>{text}</p>
        {room}
      </div>
    )
  if (frame === 'script')
    return (
      <div className="frame frame-script">
        <span className="frame-say">
          <Icon name="talk" size={14} /> {t('say')}
        </span>
        <blockquote lang={language}>{text}</blockquote>
        {room}
      </div>
    )
  return (
    <div className="frame frame-card">
      <div className="frame-phone">
        {subject === null ? null : <strong lang={language}>{subject}</strong>}
        <p lang={language}>{text}</p>
        <span className="frame-buttons">
          <span className="frame-button frame-first">{linkLabel ?? t('more')}</span>
          <span className="frame-button">{t('notNow')}</span>
        </span>
      </div>
      {room}
    </div>
  )
}
