const tour = document.querySelector('.tour')
const read = (key, otherwise) => {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? otherwise
  } catch {
    return otherwise
  }
}

// Links to persons and decisions lead to whoever was signed in last.
const { last } = read('riverside tour', {})
for (const link of document.querySelectorAll('[data-path]')) {
  const path = link.dataset.path
    .replace('{customer}', last?.customerId ?? '')
    .replace('{decision}', last?.decision ?? '')
  link.href = tour.dataset.console + path.replace(/\/$/, '')
}

const done = new Set(read('riverside tour done', []))
for (const step of tour.children) {
  const box = step.querySelector('[name=done]')
  box.checked = done.has(step.id)
  box.addEventListener('change', () => {
    box.checked ? done.add(step.id) : done.delete(step.id)
    sessionStorage.setItem('riverside tour done', JSON.stringify([...done]))
  })
  // Who goes on to the bank has begun the step, and finds it ticked on coming back.
  for (const going of step.querySelectorAll('form button, a'))
    going.addEventListener('click', () => {
      if (!box.checked) box.click()
    })
}

const form = document.getElementById('switch')
const [start, stop] = form.querySelectorAll('button')
const show = (id, text) => {
  document.getElementById(id).textContent = text
}
const clock = new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit' })
const number = new Intl.NumberFormat('en')
let timer
let before

function tell(status) {
  for (const id of ['visits', 'shown', 'accepted', 'refused', 'told', 'opened']) show(id, number.format(status[id]))
  show('clock', status.clock ? clock.format(new Date(status.clock)) : '–')
  start.disabled = status.running
  stop.disabled = !status.running
  form.elements.speed.disabled = status.running
  if (before !== status.running || status.because)
    show('state', status.running ? 'Running.' : status.because || (status.visits > 0 ? 'Stopped.' : ''))
  before = status.running
  document.getElementById('lines').replaceChildren(
    ...status.lines.map((text) => {
      const line = document.createElement('li')
      line.textContent = text
      return line
    }),
  )
  clearTimeout(timer)
  if (status.running) timer = setTimeout(ask, 700)
}

async function ask(speed) {
  try {
    const answer =
      speed === undefined
        ? await fetch('/live')
        : await fetch('/live', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(speed === null ? {} : { speed }),
          })
    tell(await answer.json())
  } catch {
    show('state', 'The bank’s pages do not answer; trying again.')
    timer = setTimeout(ask, 3000)
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const starts = event.submitter.value === 'start'
  ask(starts ? Number(form.elements.speed.value) : null).then(() => (starts ? stop : start).focus())
})
ask()
