// The bank's own server knows who has signed in, and asks Clientele for a token for that customer.
const getToken = async () => {
  const answer = await fetch('/token', { method: 'POST' })
  if (!answer.ok) throw new Error('not signed in')
  return answer.json()
}

const clientele = Clientele.start({ url: 'http://127.0.0.1:4000', getToken })

clientele.placement('web_overview', document.getElementById('for-you'))

document.getElementById('home').addEventListener('click', async () => {
  const nextYear = new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 10)
  const { sent } = await clientele.tell({ plan: 'home', byOn: nextYear })
  document.getElementById('told').textContent = sent ? 'Thank you for telling us.' : 'We will pass it on.'
})

const email = document.getElementById('email')
clientele.consents().then(({ marketing }) => {
  email.checked = marketing.email
  email.disabled = false
})
email.addEventListener('change', async () => {
  email.disabled = true
  try {
    const { marketing } = await clientele.agree('email', email.checked, 'offers-by-email-1')
    email.checked = marketing.email
  } catch {
    email.checked = !email.checked
  }
  email.disabled = false
})
