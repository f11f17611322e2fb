import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/**
 * The same picture with at most 256 colours, a byte for each point: about half the bytes of what a browser gives. Takes
 * PNG of 8 bits, with or without transparency, as browsers write it; the W3C's PNG specification, third edition.
 */
export function withPalette(png: Buffer): Buffer {
  const { width, height, points } = pointsOf(png)
  const { colours, indexOf } = paletteOf(points)
  const rows = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = indexOf.get(points[y * width + x]!)!
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(colours.flatMap((rgb) => [rgb >> 16, (rgb >> 8) & 255, rgb & 255]))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Every point as 0xRRGGBB, row by row. */
function pointsOf(png: Buffer): { width: number; height: number; points: Uint32Array } {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('This is no PNG.')
  let width = 0
  let height = 0
  let bytesPerPoint = 0
  const data: Buffer[] = []
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const name = png.toString('latin1', at + 4, at + 8)
    const body = png.subarray(at + 8, at + 8 + length)
    if (name === 'IHDR') {
      width = body.readUInt32BE(0)
      height = body.readUInt32BE(4)
      bytesPerPoint = body[9] === 6 ? 4 : 3
      if (body[8] !== 8 || (body[9] !== 2 && body[9] !== 6) || body[12] !== 0)
        throw new Error('This PNG is not one of 8 bits a colour, in rows.')
    } else if (name === 'IDAT') data.push(body)
    at += length + 12
  }
  const stride = width * bytesPerPoint
  const raw = unfiltered(inflateSync(Buffer.concat(data)), stride, height, bytesPerPoint)
  const points = new Uint32Array(width * height)
  for (let i = 0; i < points.length; i++) {
    const from = i * bytesPerPoint
    points[i] = (raw[from]! << 16) | (raw[from + 1]! << 8) | raw[from + 2]!
  }
  return { width, height, points }
}

/** Takes the five filters of PNG back, row by row. */
function unfiltered(rows: Buffer, stride: number, height: number, bytesPerPoint: number): Uint8Array {
  const out = new Uint8Array(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)]!
    for (let x = 0; x < stride; x++) {
      const left = x >= bytesPerPoint ? out[y * stride + x - bytesPerPoint]! : 0
      const up = y > 0 ? out[(y - 1) * stride + x]! : 0
      const upLeft = y > 0 && x >= bytesPerPoint ? out[(y - 1) * stride + x - bytesPerPoint]! : 0
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, upLeft)][filter]!
      out[y * stride + x] = rows[y * (stride + 1) + 1 + x]! + predicted
    }
  }
  return out
}

function paeth(left: number, up: number, upLeft: number): number {
  const estimate = left + up - upLeft
  const [toLeft, toUp, toUpLeft] = [left, up, upLeft].map((one) => Math.abs(estimate - one)) as [number, number, number]
  if (toLeft <= toUp && toLeft <= toUpLeft) return left
  return toUp <= toUpLeft ? up : upLeft
}

/** The 256 most frequent colours, and for every colour the nearest of them. */
function paletteOf(points: Uint32Array): { colours: number[]; indexOf: Map<number, number> } {
  const counts = new Map<number, number>()
  for (const rgb of points) counts.set(rgb, (counts.get(rgb) ?? 0) + 1)
  const byCount = [...counts].toSorted(([a, m], [b, n]) => n - m || a - b).map(([rgb]) => rgb)
  const colours = byCount.slice(0, 256)
  const indexOf = new Map(colours.map((rgb, at) => [rgb, at]))
  for (const rgb of byCount.slice(256)) {
    let nearest = 0
    let least = Number.POSITIVE_INFINITY
    for (const [at, other] of colours.entries()) {
      const far = apart(rgb, other)
      if (far < least) [nearest, least] = [at, far]
    }
    indexOf.set(rgb, nearest)
  }
  return { colours, indexOf }
}

const apart = (a: number, b: number): number =>
  ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2

function chunk(name: string, body: Buffer): Buffer {
  const out = Buffer.alloc(body.length + 12)
  out.writeUInt32BE(body.length, 0)
  out.write(name, 4, 'latin1')
  out.set(body, 8)
  out.writeUInt32BE(crc32(out.subarray(4, 8 + body.length)), 8 + body.length)
  return out
}
