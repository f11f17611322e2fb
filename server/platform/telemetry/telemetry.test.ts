import { describe, expect, test } from 'vitest'
import { logTo, metrics, metricsReference } from './index.ts'

const written = (facts: Record<string, unknown>): Record<string, unknown> => {
  const lines: string[] = []
  logTo('info', { write: (line) => void lines.push(line) }).info(facts, 'something happened')
  return JSON.parse(lines.join(''))
}

describe('the log holds ids, never values', () => {
  test('fields named like personal data or secrets are struck out', () => {
    const line = written({
      customerId: 7,
      email: 'riya@example.org',
      request: { authorization: 'Bearer x', body: 'b' },
      facts: { phone: '1' },
    })
    expect(line).toMatchObject({ level: 'info', msg: 'something happened', customerId: 7, email: '(not logged)' })
    expect(JSON.stringify(line)).not.toMatch(/example|Bearer|"b"|"1"/)
  })

  test('a complaint of the database is logged without the row it quotes', () => {
    const complaint = Object.assign(new Error('Key (email)=(riya@example.org) already exists'), {
      code: '23505',
      constraint_name: 'customer_email',
    })
    const line = written({ error: complaint })
    expect(JSON.stringify(line)).not.toContain('riya')
    expect(line.error).toMatchObject({ code: '23505', constraint: 'customer_email', message: 'refused by the store' })
  })

  test('a failure of ours keeps its message and where it happened', () => {
    expect(written({ error: new TypeError('x is not a function') }).error).toMatchObject({
      kind: 'TypeError',
      message: 'x is not a function',
      at: expect.any(Array),
    })
  })
})

describe('metrics', () => {
  test('count answers by route, method and status, and their seconds', async () => {
    const found = metrics({ withProcess: false })
    const answered = found.observe({ method: 'GET', url: '/api/know/customers/:customerId' })
    answered(200, 0.004)
    answered(200, 0.2)
    answered(404, 0.001)
    const text = await found.text()
    expect(text).toContain(
      'clientele_http_requests_total{method="GET",route="/api/know/customers/:customerId",status="200"} 2',
    )
    expect(text).toContain(
      'clientele_http_request_seconds_bucket{le="0.005",method="GET",route="/api/know/customers/:customerId"} 2',
    )
  })

  test('have a page that says what each means', () => {
    expect(metricsReference()).toContain(
      '| `clientele_http_requests_total` | counter | method, route, status | Answered requests',
    )
  })
})
