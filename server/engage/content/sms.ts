/** The 7-bit alphabet of SMS (3GPP TS 23.038, 6.2.1): what each part of 160 units holds. */
const ALPHABET = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** Its extension table: each takes two units. */
const EXTENDED = new Set('\f^{}\\[~]|€')

const UNITS = { narrow: { one: 160, each: 153 }, wide: { one: 70, each: 67 } } as const
const SIGNS_TOLD = 8

/** How a text goes out as SMS. */
export interface Sms {
  /** Messages it takes, sent and paid for each. */
  parts: number
  /** Signs of the alphabet, or UTF-16 units where one sign is beyond it. */
  units: number
  /** Signs beyond the alphabet, each once: they make every part hold 70 instead of 160. */
  unicode: string[]
}

/** Counts a text's parts as a telephone network does: 160 units in one, 153 in each of several; 70 and 67 beyond the alphabet. */
export function smsOf(text: string): Sms {
  const signs = [...text]
  const beyond = [...new Set(signs.filter((sign) => !ALPHABET.has(sign) && !EXTENDED.has(sign)))]
  // No sign of two units may be cut in two by the end of a part.
  const sizes = beyond.length > 0 ? signs.map((sign) => sign.length) : signs.map((sign) => (EXTENDED.has(sign) ? 2 : 1))
  const units = sizes.reduce((sum, size) => sum + size, 0)
  const { one, each } = beyond.length > 0 ? UNITS.wide : UNITS.narrow
  const told = beyond.slice(0, SIGNS_TOLD)
  if (units <= one) return { parts: 1, units, unicode: told }
  let parts = 1
  let room: number = each
  for (const size of sizes) {
    if (size > room) {
      parts++
      room = each
    }
    room -= size
  }
  return { parts, units, unicode: told }
}
