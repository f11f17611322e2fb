import type { Answer, Content, Labels, Said } from '../clientele.d.ts'

const WORDS: Record<string, Labels> = {
  en: {
    accept: 'Yes, please',
    not_now: 'Not now',
    refuse: 'No, thank you',
    accepted: 'Thank you. We have your answer.',
    answered: 'Thank you. We will not show this for a while.',
    kept: 'Thank you. There is no connection; your answer is sent as soon as there is.',
    others: 'Thank you. It counts when the other account holder has agreed too.',
    ended: 'This is no longer available. Look again for what is there today.',
  },
  de: {
    accept: 'Ja, gerne',
    not_now: 'Nicht jetzt',
    refuse: 'Nein, danke',
    accepted: 'Danke. Wir haben Ihre Antwort.',
    answered: 'Danke. Wir zeigen das eine Weile nicht mehr.',
    kept: 'Danke. Es gibt keine Verbindung; Ihre Antwort wird gesendet, sobald es eine gibt.',
    others: 'Danke. Es gilt, sobald auch die andere Person des Kontos zugestimmt hat.',
    ended: 'Das gibt es nicht mehr. Sehen Sie nach, was es heute gibt.',
  },
}

/** What is no offer is answered more plainly: a question ("was this payment yours?"), and what asks nothing. */
const QUESTION: Record<string, Partial<Labels>> = {
  en: { accept: 'Yes', not_now: 'Later', refuse: 'No' },
  de: { accept: 'Ja', not_now: 'Später', refuse: 'Nein' },
}
const NEWS: Record<string, Partial<Labels>> = {
  en: { accept: 'All right', not_now: 'Hide for now', accepted: 'Thank you. We know that you have seen it.' },
  de: { accept: 'In Ordnung', not_now: 'Ausblenden', accepted: 'Danke. Wir wissen, dass Sie es gesehen haben.' },
}

type Offered = Exclude<Answer, 'click' | 'never'>
const OFFERED: readonly Offered[] = ['accept', 'not_now', 'refuse']
/** There is nothing to refuse in a thank-you or in news of one's own account. */
const OFFERED_TO_NEWS: readonly Offered[] = ['accept', 'not_now']

/** An element with a class and, as text, what it says: nothing that came over the wire is ever read as markup. */
function make<K extends keyof HTMLElementTagNameMap>(tag: K, part: string, text?: string): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  element.className = `clientele-${part}`
  if (text !== undefined) element.textContent = text
  return element
}

/** The address when it leads to the page's own origin, or by https to one on the list; otherwise undefined. */
export function safeAddress(address: unknown, origins: readonly string[]): string | undefined {
  if (typeof address !== 'string' || !URL.canParse(address, document.baseURI)) return undefined
  const { origin, protocol, href } = new URL(address, document.baseURI)
  const own = origin === location.origin && /^https?:$/.test(protocol)
  return own || (protocol === 'https:' && origins.includes(origin)) ? href : undefined
}

const saying = (answer: Answer, { sent, kept, awaiting }: Said, words: Labels): string => {
  if (kept) return words.kept
  if (!sent) return words.ended
  if (answer !== 'accept') return words.answered
  return awaiting ? words.others : words.accepted
}

/** One card: text, and what the customer can say to it. Styled by the page, by its classes; no style stands in it. */
export function cardOf(content: Content, labels: Partial<Labels> | undefined): HTMLElement {
  const language = content.language in WORDS ? content.language : 'en'
  const isNews = content.class !== 'marketing' && !content.text.includes('?')
  const plain = content.class === 'marketing' ? undefined : (isNews ? NEWS : QUESTION)[language]
  const words = { ...WORDS[language]!, ...plain, ...labels }
  const card = make('article', 'card')
  card.lang = content.language
  card.dataset.class = content.class
  card.dataset.action = content.action
  card.dataset.decision = content.decisionId
  if (content.image) {
    const image = make('img', 'image')
    image.alt = content.image.alt
    image.referrerPolicy = 'no-referrer'
    image.src = content.image.src
    card.append(image)
  }
  if (content.subject) card.append(make('h3', 'subject', content.subject))
  for (const part of content.text.split(/\n{2,}/)) card.append(make('p', 'text', part))
  if (content.link) {
    const link = make('a', 'link', content.link.label)
    link.href = content.link.href
    link.rel = 'noopener noreferrer'
    link.addEventListener('click', () => void content.answer('click'))
    card.append(link)
  }
  const buttons = make('div', 'answers')
  const said = make('p', 'said')
  said.setAttribute('role', 'status')
  said.tabIndex = -1
  for (const answer of isNews ? OFFERED_TO_NEWS : OFFERED) {
    const button = make('button', `answer clientele-${answer}`, words[answer])
    button.type = 'button'
    button.addEventListener('click', () => {
      for (const each of buttons.querySelectorAll('button')) each.disabled = true
      const tell = (outcome: Said): void => {
        said.textContent = saying(answer, outcome, words)
        void outcome.later?.then(tell)
      }
      void content.answer(answer).then((outcome) => {
        tell(outcome)
        // Whoever answered by keyboard stays where they were.
        const inside = card.contains(document.activeElement) || document.activeElement === document.body
        buttons.remove()
        if (inside) said.focus()
        const detail = { ...outcome, answer, action: content.action, contactId: content.contactId }
        card.dispatchEvent(new CustomEvent('clientele:answer', { bubbles: true, detail }))
      })
    })
    buttons.append(button)
  }
  card.append(buttons, said)
  return card
}
