import type { Account, Booking } from './accounts.ts'
import { html, type Markup } from './html.ts'
import { WHO, type Who } from './people.ts'

/** Where a page's parts are: Clientele, as a browser calls it. */
export interface Place {
  clientele: string
}

export type View = 'web' | 'app'
export interface Session {
  who: Who
  view: View
}

const euro = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const fullDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
const money = (cents: number): Markup =>
  html`<span class="money${cents < 0 ? ' out' : ''}">${euro.format(cents / 100).replace('-', '−')}</span>`

const RIBBON = html`<aside class="ribbon" aria-label="About this page"><strong>Demonstration.</strong> Riverside Bank, its customers and their money are made up.</aside>`

const PAGES = [
  { path: '/overview', title: 'Overview' },
  { path: '/plans', title: 'Your plans' },
  { path: '/preferences', title: 'Preferences' },
] as const

/** A whole page. Nothing stands in it that a strict content policy would refuse. */
export function page(
  { clientele }: Place,
  {
    title,
    session,
    path = '',
    script,
    main,
  }: { title: string; session?: Session; path?: string; script?: string; main: Markup },
): string {
  const signedIn = session && html` data-clientele="${clientele}" data-view="${session.view}" data-who="${session.who}"`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Riverside Bank</title>
<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/bank.css">
${session && html`<script src="${clientele}/sdk/clientele.js" defer></script>`}
${script && html`<script src="/assets/${script}" defer></script>`}
</head>
<body class="${session?.view === 'app' ? 'app' : 'web'}"${signedIn}>
<a class="skip" href="#main">Skip to the content</a>
${RIBBON}
<div class="frame">
<header class="top">
<a class="brand" href="${session ? '/overview' : '/'}"><img src="/assets/mark.svg" alt="" width="28" height="28"> Riverside Bank</a>
${
  session &&
  html`<nav aria-label="Bank">${PAGES.map(
    ({ path: to, title }) => html`<a href="${to}"${to === path && html` aria-current="page"`}>${title}</a>`,
  )}</nav>
<div class="me"><span>${WHO[session.who].name}</span>
<form method="post" action="/view"><input type="hidden" name="view" value="${session.view === 'app' ? 'web' : 'app'}"><button class="plain">${session.view === 'app' ? 'As internet bank' : 'As app'}</button></form>
<form method="post" action="/sign-out" data-sign-out><button class="plain">Sign out</button></form></div>`
}
</header>
${session && html`<p id="offline" class="offline" role="status"></p>`}
<main id="main" tabindex="-1">${main}</main>
<footer><a href="/tour">Guided tour and live traffic</a></footer>
</div>
</body>
</html>`.text
}

export const signInView = (): Markup => html`
<h1>Who are you today?</h1>
<p class="lead">Sign in as one of five customers of the demo bank. What they see is decided by Clientele in that moment.</p>
<ul class="people">${(Object.keys(WHO) as Who[]).map(
  (who) => html`<li class="card">
<h2>${WHO[who].name}, ${WHO[who].age}</h2>
<p>${WHO[who].story}</p>
<form method="post" action="/sign-in" class="row">
<input type="hidden" name="who" value="${who}">
<button name="view" value="app" class="main">App<span class="only-read">, as ${WHO[who].name}</span></button>
<button name="view" value="web">Internet bank<span class="only-read">, as ${WHO[who].name}</span></button>
</form></li>`,
)}</ul>
<p><a class="go" href="/tour">Take the guided tour, five minutes</a></p>`

const forYou = html`<section class="for-you" aria-labelledby="yours"><h2 id="yours" class="only-read">For you</h2><div id="for-you"></div>
<p class="nothing">No message for you at the moment.</p></section>`

export function overviewView(session: Session, accounts: readonly Account[], bookings: readonly Booking[]): Markup {
  const [first] = WHO[session.who].name.split(' ')
  return html`
<h1>Good day, ${first}</h1>
<section class="to-sign" id="to-sign" aria-labelledby="signing" hidden><h2 id="signing">To sign together</h2><ul class="accounts" id="agreements"></ul><p id="signed" role="status" class="said" tabindex="-1"></p></section>
${forYou}
<section aria-labelledby="accounts"><div class="over"><h2 id="accounts">Accounts</h2><p class="quiet">Together ${money(
    accounts.reduce((sum, one) => sum + one.balanceCents, 0),
  )}</p></div>
<ul class="accounts" id="held">${accounts.map(
    (one) => html`<li class="card">
<div><strong>${one.name}</strong>${one.with.length > 0 && html` <span class="tag">with ${one.with.join(', ')}</span>`}
<div class="quiet"><span class="whole">${one.number}${one.rate && html` ·`}</span>${one.rate && html` <span class="whole">${one.rate}</span>`}</div></div>
${one.closedOn ? html`<span class="tag good">repaid ${fullDay.format(new Date(one.closedOn))}</span>` : money(one.balanceCents)}
</li>`,
  )}</ul></section>
<section aria-labelledby="recent"><h2 id="recent">Recent transactions</h2>
<div class="card flush"><table><thead><tr><th scope="col">Date</th><th scope="col">What</th><th scope="col" class="wide">Account</th><th scope="col" class="right">Amount</th></tr></thead>
<tbody>${bookings.map(
    (one) =>
      html`<tr><td>${day.format(new Date(one.on))}</td><td>${one.text}<span class="sub">${one.account}</span></td><td class="wide quiet">${one.account}</td><td class="right">${money(one.cents)}</td></tr>`,
  )}</tbody></table></div></section>`
}

const PLANS = [
  { id: 'home', title: 'Buy a home', dated: true },
  { id: 'car', title: 'Buy a car', dated: true },
  { id: 'renovation', title: 'Renovate', dated: false },
  { id: 'pension', title: 'Think about retirement', dated: false },
  { id: 'joint', title: 'Share an account', dated: false },
  { id: 'loan', title: 'Borrow for something', dated: false },
] as const

export const plansView = (nextYear: string): Markup => html`
<h1>Your plans</h1>
<p class="lead">Tell us what you have in mind, if you like. We use it for nothing but to be of use to you, and you can ask us to forget it.</p>
<form id="plan" class="card stack">
<fieldset><legend>What do you plan?</legend>
${PLANS.map(
  ({ id, title, dated }, at) =>
    html`<label class="choice"><input type="radio" name="plan" value="${id}"${dated && html` data-dated`}${at === 0 && html` checked`}> ${title}</label>`,
)}</fieldset>
<label class="field" id="by">By when? <input type="date" name="by" value="${nextYear}" required></label>
<div><button class="main">Tell the bank</button></div>
<p role="status" class="said" id="told"></p>
</form>
${forYou}`

const CHANNELS = [
  { choice: 'email', title: 'E-mail', about: 'At most four in 30 days.' },
  { choice: 'sms', title: 'Text message', about: 'At most two in 30 days.' },
  { choice: 'push', title: 'Push message', about: 'At most six in 30 days.' },
  { choice: 'call', title: 'Telephone', about: 'At most one call in 60 days, never on a Sunday.' },
  { choice: 'post', title: 'Letter', about: 'At most one in 60 days.' },
] as const
const USES = [
  {
    choice: 'marketing',
    title: 'Offers at all',
    about: 'Switch it off and you get none, anywhere. Service messages still reach you.',
  },
  {
    choice: 'profiling',
    title: 'Offers chosen for you',
    about: 'From what you hold and how you bank. Off: none are chosen.',
  },
  {
    choice: 'payment_data',
    title: 'Use of payment data',
    about: 'Lets us notice, say, that you pay for a cover twice. Never what you give to a faith, a party or a doctor.',
  },
] as const

const toggle = ({ choice, title, about }: { choice: string; title: string; about: string }): Markup =>
  html`<label class="switch"><span><strong>${title}</strong><span class="quiet">${about}</span></span><input type="checkbox" role="switch" name="${choice}" disabled></label>`

export const preferencesView = (): Markup => html`
<h1>Preferences</h1>
<p class="lead">What you decide here holds at once, on every channel of the bank.</p>
<form id="preferences" class="stack">
<fieldset class="card"><legend>How may we reach you with offers?</legend>${CHANNELS.map(toggle)}</fieldset>
<fieldset class="card"><legend>What may we use?</legend>${USES.map(toggle)}</fieldset>
<p role="status" class="said" id="changed"></p>
</form>`

export const plainView = (title: string, text: string): Markup =>
  html`<h1>${title}</h1><p class="lead">${text}</p><p><a class="go" href="/">To the beginning</a></p>`
