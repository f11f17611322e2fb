import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isPublicAddress, post, readUrl } from './index.ts'

let server: Server
let url: string
beforeAll(async () => {
  server = createServer((request, answer) => {
    if (request.url === '/elsewhere') answer.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
    else if (request.url === '/endless') {
      const timer = setInterval(() => answer.write('x'.repeat(16_384)), 1)
      answer.on('close', () => clearInterval(timer))
    } else if (request.url !== '/silent') request.pipe(answer)
  }).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
const send = (path: string, more: object = {}) =>
  post({ url: `${url}${path}`, headers: {}, body: 'hello', timeoutMs: 500, localAllowed: true, ...more })

describe('addresses that the internet routes', () => {
  test.each(['8.8.8.8', '193.99.144.80', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is one', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  )
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'example.com',
    '',
    '127.1',
  ])('%s is none', (address) => expect(isPublicAddress(address)).toBe(false))
})

describe('a URL that somebody gave', () => {
  test.each([
    'http://example.com/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://localhost/',
    'https://db.internal/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://user:pw@example.com/',
    'https://example.com/#x',
    'ftp://example.com/',
    'file:///etc/passwd',
    'nothing',
  ])('%s is refused', (text) => expect(() => readUrl(text, { localAllowed: false })).toThrow(/cannot be used/))
  test('https to the world is taken, and locally what the setting allows', () => {
    expect(readUrl('https://example.com:8443/hooks?a=1', { localAllowed: false }).hostname).toBe('example.com')
    expect(readUrl('http://127.0.0.1:9/x', { localAllowed: true }).port).toBe('9')
    expect(() => readUrl('ftp://127.0.0.1/', { localAllowed: true })).toThrow()
  })
})

describe('a request', () => {
  test('comes back with status and text', async () => expect(await send('/')).toEqual({ status: 200, text: 'hello' }))
  test('follows no redirect', async () => expect((await send('/elsewhere')).status).toBe(302))
  test('has a deadline', () => expect(send('/silent')).rejects.toThrow('no answer within 0.5 s'))
  test('reads no more than 64 KiB', async () => {
    const { text } = await send('/endless', { timeoutMs: 3000 })
    expect(text.length).toBeLessThanOrEqual(64 * 1024)
  })
  test('never reaches a name that leads to the machine itself', async () => {
    // Resolved only when connecting: the name says nothing about where it leads.
    const { port } = server.address() as AddressInfo
    await expect(
      post({ url: `https://localtest.me:${port}/`, headers: {}, body: '', timeoutMs: 2000, localAllowed: false }),
    ).rejects.toThrow()
  })
})
