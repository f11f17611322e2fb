/** The pictures of the guide: each is there, each is named, and none is larger than it must be. */
import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { chapters, faults, picturesOf } from '../scripts/guide-pictures.ts'
import { withPalette } from '../scripts/palette.ts'

describe('the pictures of the guide', () => {
  test('each that a chapter shows is there, and each that is there is shown by a chapter', () => {
    expect(faults()).toEqual([])
  })

  test('a chapter says who looks, where they go, and where the picture is', () => {
    const taken = chapters().flatMap(picturesOf)
    expect(taken.length).toBeGreaterThan(15)
    expect(taken.find(({ file }) => file === 'contact-centre-agent-narrow.png')).toEqual({
      chapter: 'contact-centre-agent.md',
      file: 'contact-centre-agent-narrow.png',
      as: 'arthur',
      narrow: true,
      steps: [{ verb: 'go', rest: '/know/customers/{P90000002}' }],
    })
  })
})

describe('a picture with a palette', () => {
  /** A PNG of one row for each list of points, unfiltered, as a browser could write it. */
  const pngOf = (rows: number[][]): Buffer => {
    const part = (name: string, body: Buffer): Buffer => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(body.length)
      return Buffer.concat([length, Buffer.from(name, 'latin1'), body, Buffer.alloc(4)])
    }
    const header = Buffer.alloc(13)
    header.writeUInt32BE(rows[0]!.length, 0)
    header.writeUInt32BE(rows.length, 4)
    header.set([8, 2, 0, 0, 0], 8)
    const points = rows.map((row) =>
      Buffer.from([0, ...row.flatMap((rgb) => [rgb >> 16, (rgb >> 8) & 255, rgb & 255])]),
    )
    return Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      part('IHDR', header),
      part('IDAT', deflateSync(Buffer.concat(points))),
      part('IEND', Buffer.alloc(0)),
    ])
  }

  test('has every colour of a picture with few, the most frequent first', () => {
    const png = withPalette(pngOf([[0xffffff, 0xffffff, 0x136b5e, 0xffffff]]))
    const at = png.indexOf('PLTE')
    expect(png.readUInt32BE(at - 4)).toBe(6)
    expect([...png.subarray(at + 4, at + 10)]).toEqual([255, 255, 255, 0x13, 0x6b, 0x5e])
  })

  test('keeps to 256 colours of a picture with more, and is the same each time', () => {
    const many = Array.from({ length: 4 }, (_, y) => Array.from({ length: 100 }, (_, x) => (x * 5 + y * 1000) * 37))
    const png = withPalette(pngOf(many))
    expect(png.readUInt32BE(png.indexOf('PLTE') - 4)).toBe(256 * 3)
    expect(withPalette(pngOf(many)).equals(png)).toBe(true)
  })

  test('anything else than a PNG is refused', () => {
    expect(() => withPalette(Buffer.from('GIF89a'))).toThrow('This is no PNG.')
  })
})
