import { html, type Markup } from './html.ts'
import type { Who } from './people.ts'
import { SPEEDS } from './traffic.ts'

/** A step: what to do on the bank's pages, what to look at in the console, and what it shows. */
interface Step {
  title: string
  text: string
  here?: { who: Who; view: 'web' | 'app'; to: string; label: string }
  console?: { path: string; label: string }
}

/**
 * The console's addresses. `{customer}` and `{decision}` are filled in the browser with what the person named was
 * last shown.
 */
const STEPS: readonly Step[] = [
  {
    title: 'The loop, before anything happens',
    text: 'Open the console beside this page and keep it there. Sign in as tessa, with the password that the start has printed: she serves customers and shapes what they are offered. The pulse shows who came in, what was decided, said and learned, as it happens.',
    console: { path: '/learn/pulse', label: 'Open the pulse' },
  },
  {
    title: 'Marta has repaid her loan',
    text: 'Sign in as Marta. The bank thanks her: nothing is sold in that moment. In the console, decisions and contacts move within a second.',
    here: { who: 'marta', view: 'app', to: '/overview', label: 'Be Marta, in the app' },
  },
  {
    title: 'Everything about Marta on one page',
    text: 'Who she is, what she holds, what she agreed to, what was last said and what would be next. That you looked is on record.',
    console: { path: '/know/customers/{customer}', label: 'Open Marta’s page' },
  },
  {
    title: 'Why this, and why not that',
    text: 'Every action that was considered, and the clause that ended it, with what was found and what was needed. Asked again in a year, it answers the same.',
    console: { path: '/decide/decisions/{decision}', label: 'Open the decision' },
  },
  {
    title: 'Marta tells us of a plan',
    text: 'Tell the bank, as Marta, that she thinks about retirement. Two seconds later there is a second message below; the reason is her own word.',
    here: { who: 'marta', view: 'app', to: '/plans', label: 'Be Marta, with a plan' },
  },
  {
    title: 'Jonas says no',
    text: 'Jonas saves fifteen euro at a time and is offered the Goal Saver. Say “No, thank you”, then look in the internet bank too: it is gone everywhere, for 90 days.',
    here: { who: 'jonas', view: 'app', to: '/overview', label: 'Be Jonas, in the app' },
  },
  {
    title: 'Elif hears, Tom does not',
    text: 'Elif told the branch that they are buying a home; the internet bank knows. Tom shares her account and objected to offers: he hears nothing of it.',
    here: { who: 'elif', view: 'web', to: '/overview', label: 'Be Elif, in the internet bank' },
  },
  {
    title: 'Henrik is protected',
    text: 'Henrik paid somebody odd yesterday. He is asked whether that was him, and nothing is sold to him for a month.',
    here: { who: 'henrik', view: 'app', to: '/overview', label: 'Be Henrik, in the app' },
  },
  {
    title: 'A customer decides what the bank may do',
    text: 'As Marta, switch off e-mail. It holds before the switch has moved; who said what, when and where is kept as evidence.',
    here: { who: 'marta', view: 'app', to: '/preferences', label: 'Be Marta, in her preferences' },
    console: { path: '/trust/consents', label: 'Open consents' },
  },
  {
    title: 'A day at the bank in minutes',
    text: 'Start the live traffic below: customers visit, look, tell and answer as they really would. Watch the pulse, then what was learned, with its intervals.',
    console: { path: '/learn/outcomes', label: 'Open outcomes' },
  },
]

export const tourView = (consoleUrl: string): Markup => html`
<h1>Guided tour, five minutes</h1>
<p class="lead">Left hand here, right hand in the <a href="${consoleUrl}/" target="_blank" rel="noopener">console</a>. Each step says what to do and where to look.</p>
<ol class="tour" data-console="${consoleUrl}">${STEPS.map(
  (step, at) => html`<li class="card" id="step-${at + 1}">
<div class="number" aria-hidden="true">${at + 1}</div>
<div class="stack"><h2>${step.title}</h2><p>${step.text}</p>
<div class="row">
${
  step.here &&
  html`<form method="post" action="/sign-in"><input type="hidden" name="who" value="${step.here.who}"><input type="hidden" name="to" value="${step.here.to}"><button class="main" name="view" value="${step.here.view}">${step.here.label}</button></form>`
}
${step.console && html`<a class="go" target="_blank" rel="noopener" data-path="${step.console.path}" href="${consoleUrl}${step.console.path.replace(/\{.*$/, '')}">${step.console.label}</a>`}
</div></div>
<label class="done"><input type="checkbox" name="done"> <span>Done<span class="only-read">: ${step.title}</span></span></label>
</li>`,
)}</ol>
<section class="card stack" aria-labelledby="traffic" id="live"><h2 id="traffic">Live traffic</h2>
<p>Simulated customers visit the app, the internet bank, the branch and the contact centre. What they agree to, and what others come for unasked, the core opens; its files go to Clientele every few seconds. Only the customers hurry: Clientele keeps the real time. It ends by itself.</p>
<form class="row" id="switch">
<label class="field">Speed <select name="speed">${SPEEDS.map(
  ({ times, label }) => html`<option value="${times}"${times === 60 && html` selected`}>${label}</option>`,
)}</select></label>
<button class="main" value="start">Start</button><button value="stop" disabled>Stop</button>
</form>
<p role="status" id="state" class="said"></p>
<dl class="counts"><div><dt>The bank’s clock</dt><dd id="clock">–</dd></div><div><dt>Visits</dt><dd id="visits">0</dd></div><div><dt>Shown</dt><dd id="shown">0</dd></div><div><dt>Said yes</dt><dd id="accepted">0</dd></div><div><dt>Said no</dt><dd id="refused">0</dd></div><div><dt>Told us something</dt><dd id="told">0</dd></div><div><dt>Opened</dt><dd id="opened">0</dd></div></dl>
<ul class="lines" id="lines" aria-label="What happened last"></ul>
</section>`
