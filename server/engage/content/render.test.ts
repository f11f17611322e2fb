import { describe, expect, test } from 'vitest'
import { namesIn, render } from './render.ts'

const text = (source: string, data: object = {}) => render(source, data, { format: 'text' })

describe('a message is filled with what was decided', () => {
  test('figures are written in the words of the customer’s language', () => {
    const source =
      "{{ variables.bonus | money: 'EUR' }} until {{ offer.expiresOn | day }}, at {{ offer.aprBp | percent }}"
    const data = { variables: { bonus: 2500 }, offer: { expiresOn: '2026-03-05', aprBp: 722 } }
    expect(render(source, data, { format: 'text', language: 'en' })).toEqual({
      ok: true,
      text: '€25 until 5 March 2026, at 7.22%',
    })
    expect(render(source, data, { format: 'text', language: 'pt' })).toMatchObject({
      ok: true,
      text: expect.stringContaining('5 de março de 2026'),
    })
  })

  test('cents are shown when there are some, and a currency without cents has none', () => {
    expect(text("{{ a | money: 'EUR' }}", { a: 19796 })).toEqual({ ok: true, text: '€197.96' })
    expect(text("{{ a | money: 'JPY' }}", { a: 1500 })).toEqual({ ok: true, text: '¥1,500' })
  })

  test('a missing value is an error, never a gap in a sentence to a customer', () => {
    expect(text('Dear {{ variables.name }},', { variables: {} })).toMatchObject({ ok: false, at: 8 })
    expect(text('Dear {{ variables.name | shout }},', { variables: { name: 'Ana' } })).toMatchObject({ ok: false })
  })

  test('a sentence may depend on a value that is not there', () => {
    expect(text('{% if variables.trip %}Bon voyage. {% endif %}Hello.', { variables: {} })).toEqual({
      ok: true,
      text: 'Hello.',
    })
  })

  test('the names a text needs are known before anybody is written to', () => {
    expect(namesIn('{% for t in variables.trips %}{{ t }}{% endfor %}{{ offer.rateBp }}')).toEqual({
      ok: true,
      names: ['variables.trips', 'offer.rateBp'],
    })
  })
})

describe('nothing in a value or a source does harm', () => {
  test('values are escaped in HTML, and there is no way round it', () => {
    const data = { name: `<img src=x onerror=alert(1)>'"&` }
    expect(render('{{ name }}', data, { format: 'html' })).toEqual({
      ok: true,
      text: '&lt;img src=x onerror=alert(1)&gt;&#39;&quot;&amp;',
    })
    expect(render('{{ name | raw }}', data, { format: 'html' })).toMatchObject({ ok: false })
  })

  test('a value cannot begin a header of its own, nor turn the text round', () => {
    expect(render('Hello {{ name }}', { name: 'Ana\r\nBcc: all@bank' }, { format: 'line' })).toEqual({
      ok: true,
      text: 'Hello Ana Bcc: all@bank',
    })
    expect(text('{{ name }}', { name: 'a\u202eb\u0000c' })).toEqual({ ok: true, text: 'abc' })
  })

  test.each([
    ["{% include '/etc/passwd' %}"],
    ["{% render 'x' %}"],
    ["{% layout 'x' %}"],
    ["{{ 'now' | date: '%s' }}"],
    ['{{ list | sample }}'],
    ["{{ '' | constructor }}"],
    ['{{ list.constructor.constructor }}'],
    ['{{ list.__proto__.x }}'],
  ])('%s is refused', (source) => {
    expect(text(source, { list: [1, 2] })).toMatchObject({ ok: false })
  })

  test.each([
    { bomb: 'a thousand million items', source: '{% for i in (1..1000000000) %}x{% endfor %}' },
    {
      bomb: 'loops in loops',
      source: `${'{% for i in (1..9000) %}'.repeat(3)}{% assign y = i %}${'{% endfor %}'.repeat(3)}`,
    },
    {
      bomb: 'a text that doubles sixty times',
      source: "{% assign s = 'x' %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}{{ s }}",
    },
    { bomb: 'three thousand open ifs', source: '{% if true %}'.repeat(3000) },
    { bomb: 'a source longer than is read', source: '{{ a }}'.repeat(9000) },
  ])('a bomb ends soon: $bomb', ({ source }) => {
    const before = performance.now()
    expect(text(source, { a: 'x' })).toMatchObject({ ok: false })
    // The rest is for a machine that is busy with other tests.
    expect(performance.now() - before).toBeLessThan(20_000)
  })
})
