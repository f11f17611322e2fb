/**
 * The bank's pages for the customer who has signed in. Without Clientele they are still the bank's pages: accounts and
 * transactions come from the bank itself.
 */
const { clientele: url, view, who } = document.body.dataset
const find = (id) => document.getElementById(id)

async function getToken() {
  const answer = await fetch('/token', { method: 'POST' })
  if (!answer.ok) throw new Error('nobody has signed in, or Clientele does not answer')
  const given = await answer.json()
  remember({ customerId: given.customerId })
  return given
}

/** What the guided tour needs for its links: whose number is what, and what was decided last. Kept for this tab. */
function remember(known) {
  try {
    const all = JSON.parse(sessionStorage.getItem('riverside tour') ?? '{}')
    const mine = { ...all[who], ...known }
    sessionStorage.setItem('riverside tour', JSON.stringify({ ...all, [who]: mine, last: mine }))
  } catch {
    // A browser without a store has a tour without its links to persons.
  }
}

const clientele = globalThis.Clientele?.start({
  url,
  getToken,
  language: 'en',
  onError: ({ code, message }) => console.info(`Clientele: ${code}: ${message}`),
})

const place = find('for-you')
const placement = place ? clientele?.placement(view === 'app' ? 'app_home' : 'web_overview', place) : undefined
// That there is no message is said once that is known, and not while it is asked for.
if (place) Promise.resolve(placement?.refresh()).then(() => place.setAttribute('data-asked', ''))
if (place)
  new MutationObserver(() => {
    const card = place.querySelector('[data-decision]')
    if (card) remember({ decision: card.dataset.decision })
  }).observe(place, { childList: true })

/** What a yes opens, the bank's own core opens; the account then stands among the others. */
place?.addEventListener('clientele:answer', async ({ detail: { answer, action, sent, awaiting } }) => {
  if (answer !== 'accept' || !sent || awaiting) return
  const asked = await fetch('/opened', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ action }),
  }).catch(() => undefined)
  const opened = asked?.ok ? (await asked.json()).opened : undefined
  const held = find('held')
  if (!opened || !held) return
  const made = (tag, name, text, ...inside) => {
    const element = document.createElement(tag)
    if (name) element.className = name
    element.append(...(text ? [text] : []), ...inside)
    return element
  }
  const named = made('div', '', '', made('strong', '', opened), made('div', 'quiet', 'opened today'))
  held.append(made('li', 'card', '', named, made('span', 'money', '€0.00')))
})

/** What one holder of an account agreed to and the other must sign too. All of it is text. */
const signing = find('to-sign')
const amount = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' })
const longDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
const named = (names) => names.map((name) => name ?? 'the other holder').join(' and ')
function toSign({ contactId, title, offer, expiresOn, agreed, awaited, awaitsMe }) {
  const made = (tag, name, text) => {
    const element = document.createElement(tag)
    if (name) element.className = name
    if (text) element.textContent = text
    return element
  }
  const item = made('li', 'card')
  const words = made('div')
  const until = expiresOn ? ` It can be agreed to until ${longDay.format(new Date(expiresOn))}.` : ''
  const fee = offer?.feeMinor === undefined ? '' : ` Its price: ${amount.format(offer.feeMinor / 100)}.`
  words.append(
    made('strong', '', title),
    made(
      'div',
      'quiet',
      awaitsMe
        ? `${named(agreed)} has agreed for your shared account. It counts when you agree too.${fee}${until}`
        : `You have agreed. It counts when ${named(awaited)} has agreed too.${fee}${until}`,
    ),
  )
  item.append(words)
  if (!awaitsMe) return item
  const row = made('div', 'row')
  for (const [kind, text] of [
    ['accept', 'Agree'],
    ['refuse', 'Say no'],
  ]) {
    const button = made('button', kind === 'accept' ? 'main' : '', text)
    button.type = 'button'
    button.setAttribute('aria-label', `${text}: ${title}`)
    button.addEventListener('click', async () => {
      for (const each of row.children) each.disabled = true
      try {
        const { awaiting } = await clientele.sign(contactId, kind)
        find('signed').textContent =
          kind === 'refuse'
            ? `${title}: you said no, and nothing changes for either of you.`
            : awaiting
              ? `${title}: thank you. It counts when all have agreed.`
              : `${title}: thank you. You have both agreed, and it counts from now.`
        find('signed').focus()
      } catch ({ code, message }) {
        console.info(`Clientele: ${code}: ${message}`)
        find('signed').textContent =
          code === 'offer_expired'
            ? `${title}: the time to agree to it has passed. Nothing has changed.`
            : 'Your answer could not be taken just now. Nothing has changed; please try again later.'
      }
      await showToSign()
    })
    row.append(button)
  }
  item.append(row)
  return item
}
async function showToSign() {
  const waits = await clientele.agreements().catch(() => undefined)
  if (waits === undefined) return
  find('agreements').replaceChildren(...waits.map(toSign))
  signing.hidden = waits.length === 0 && !find('signed').textContent
}
if (signing && clientele) {
  void showToSign()
  place?.addEventListener('clientele:answer', () => void showToSign())
}

const offline = find('offline')
const connected = () => {
  offline.textContent = navigator.onLine
    ? ''
    : 'There is no connection. What you see is from before; what you answer is sent as soon as there is one.'
}
for (const change of ['online', 'offline']) addEventListener(change, connected)
connected()

document.querySelector('[data-sign-out]')?.addEventListener('submit', () => clientele?.stop())

const plan = find('plan')
if (plan) {
  const by = find('by')
  const chosen = () => plan.querySelector('[name=plan]:checked')
  const suit = () => {
    by.hidden = !('dated' in chosen().dataset)
  }
  plan.addEventListener('change', suit)
  suit()
  plan.addEventListener('submit', async (event) => {
    event.preventDefault()
    const button = plan.querySelector('button')
    button.disabled = true
    const choice = chosen()
    const told =
      'dated' in choice.dataset ? { plan: choice.value, byOn: plan.elements.by.value } : { need: choice.value }
    const said = await clientele?.tell(told)
    find('told').textContent = said?.sent
      ? 'Thank you. We know it now, and what we show you may change.'
      : said?.kept
        ? 'Thank you. There is no connection; we will know it as soon as there is.'
        : 'This could not be told just now. Please try again.'
    button.disabled = false
    // It is known at once; what follows from it is worked out within the second.
    for (const ms of [600, 1800]) setTimeout(() => placement?.refresh(), ms)
  })
}

const preferences = find('preferences')
if (preferences) {
  const changed = find('changed')
  const CHANNELS = ['email', 'sms', 'push', 'call', 'post']
  const switches = [...preferences.querySelectorAll('[role=switch]')]
  const show = ({ marketing, objected, profiling, paymentData }) => {
    const now = { ...marketing, marketing: !objected, profiling, payment_data: paymentData }
    for (const one of switches) {
      one.checked = now[one.name]
      one.disabled = objected && CHANNELS.includes(one.name)
    }
  }
  const failed = () => {
    changed.textContent =
      'Your choices cannot be shown or changed just now. Nothing has changed; please try again later.'
  }
  clientele ? clientele.consents().then(show, failed) : failed()
  preferences.addEventListener('change', async ({ target }) => {
    target.disabled = true
    try {
      show(await clientele.agree(target.name, target.checked, 'riverside-preferences-1'))
      const name = target.closest('label').querySelector('strong').textContent
      changed.textContent = `${name}: ${target.checked ? 'on' : 'off'}. It holds from now.`
      target.focus()
    } catch {
      target.checked = !target.checked
      target.disabled = false
      failed()
    }
  })
}
