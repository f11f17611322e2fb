import { createElement, Fragment, type ReactNode } from 'react'
import './html-words.css'
import { t } from './words.ts'

/** What is no part of the words: not shown, and nothing in it is read. */
const LEFT_OUT = new Set(
  'script style head title template noscript iframe frame object embed svg math video audio canvas input select textarea link meta base'.split(
    ' ',
  ),
)
const BLOCKS = new Set(
  'p div section article header footer main aside center table tbody thead tfoot tr form fieldset address blockquote pre figure'.split(
    ' ',
  ),
)
const DEPTH_MAX = 60

/**
 * A message in HTML as its reader sees it: its paragraphs, lists, stress and links. Read into a document of its own, which
 * runs nothing and loads nothing, and drawn again by what is named here alone: no markup, no address and no style of the
 * message reaches the page. A link is its words with its address beside it, a picture is what it shows.
 */
export function HtmlWords({ html }: { html: string }) {
  const { body } = new DOMParser().parseFromString(unstyled(html), 'text/html')
  return <div className="said-html">{drawn(body, 0)}</div>
}

/** Without styles, which the page's policy would complain of while it is read. Nothing is safer by it, only quieter. */
const unstyled = (html: string): string =>
  html
    .replace(/<style\b[\s\S]*?<\/style\s*>/gi, '')
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, ''))

const drawn = (node: Node, depth: number): ReactNode =>
  depth > DEPTH_MAX
    ? null
    : createElement(Fragment, null, ...[...node.childNodes].map((child) => one(child, depth + 1)))

function one(node: Node, depth: number): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent
  if (!(node instanceof Element)) return null
  const name = node.localName
  if (LEFT_OUT.has(name) || node.hasAttribute('hidden')) return null
  if (name === 'img')
    return node.getAttribute('alt') ? <em>{t('picture', { alt: node.getAttribute('alt')! })}</em> : null
  if (name === 'br') return <br />
  if (name === 'hr') return <hr />
  const inside = drawn(node, depth)
  // A heading of the message is none of the page's.
  if (/^h[1-6]$/.test(name)) return <div className="said-heading">{inside}</div>
  if (name === 'ul') return <ul>{inside}</ul>
  if (name === 'ol') return <ol>{inside}</ol>
  if (name === 'li') return <li>{inside}</li>
  if (name === 'strong' || name === 'b') return <strong>{inside}</strong>
  if (name === 'em' || name === 'i') return <em>{inside}</em>
  if (name === 'td' || name === 'th') return <span className="said-cell">{inside}</span>
  if (name === 'a') return <Linked to={node.getAttribute('href')}>{inside}</Linked>
  return BLOCKS.has(name) ? <div className="said-block">{inside}</div> : inside
}

const Linked = ({ to, children }: { to: string | null; children: ReactNode }) =>
  to === null ? (
    children
  ) : (
    <span className="said-link">
      <u>{children}</u> <span className="ui-quiet">({to})</span>
    </span>
  )
