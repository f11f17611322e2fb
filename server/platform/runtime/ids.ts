import { randomFillSync } from 'node:crypto'

/** Shard buckets: every id of a customer's row carries its bucket, so a look-up by id alone finds the shard. */
export const BUCKETS = 4096

/** Bucket 0..4095 of a customer, by its id. */
export const bucketOf = (customerId: number): number => customerId % BUCKETS

export interface Ids {
  /** A new UUID (version 8): 48 bits of Unix milliseconds, 12 bits of bucket, 62 random bits. */
  next(bucket?: number): string
}

/** `tail`: 16 hexadecimal digits whose first two bits are 10, the variant of RFC 9562. */
function format(timeMs: number, bucket: number, tail: string): string {
  const time = timeMs.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-8${bucket.toString(16).padStart(3, '0')}-${tail.slice(0, 4)}-${tail.slice(4)}`
}

const withVariant = (byte: number): number => (byte & 0x3f) | 0x80

/** Ids for production: the time passed in, the rest from the system's randomness. */
export function randomIds(nowMs: () => number): Ids {
  const pool = Buffer.alloc(8 * 512)
  let at = pool.length
  return {
    next(bucket = 0) {
      if (at >= pool.length) {
        randomFillSync(pool)
        at = 0
      }
      pool[at] = withVariant(pool[at]!)
      const tail = pool.toString('hex', at, at + 8)
      at += 8
      return format(nowMs(), bucket, tail)
    },
  }
}

/** Ids for tests: the same sequence every time. */
export function sequentialIds(startMs = 0): Ids {
  let count = 0
  return {
    next(bucket = 0) {
      const tail = Buffer.alloc(8)
      tail.writeUInt32BE(++count, 4)
      tail[0] = withVariant(tail[0]!)
      return format(startMs, bucket, tail.toString('hex'))
    },
  }
}

/** The bucket 0..4095 that an id carries. */
export const bucketOfId = (id: string): number => Number.parseInt(id.slice(15, 18), 16)

/** Whether the text has the form of an id. */
export const isId = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(text)
