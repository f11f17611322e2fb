import { Button, CopyButton } from '@mantine/core'
import { Icon } from './icons.tsx'
import './snippet.css'
import { words } from './words.ts'

const t = words('ui.snippet', { copy: 'Copy', copied: 'Copied', copyOf: 'Copy: {{title}}' })

/** A few lines to take along, as they are to be pasted. */
export function Snippet({ title, text }: { title: string; text: string }) {
  return (
    <figure className="ui-snippet">
      <figcaption>
        <span className="ui-clip">{title}</span>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              size="compact-xs"
              onClick={copy}
              aria-label={t('copyOf', { title })}
              leftSection={copied ? <Icon name="check" size={12} /> : null}
            >
              {copied ? t('copied') : t('copy')}
            </Button>
          )}
        </CopyButton>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <pre className="ui-mono" tabIndex={0}>
        {text}
      </pre>
    </figure>
  )
}
