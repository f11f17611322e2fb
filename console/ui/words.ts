import i18next, { type TOptions } from 'i18next'

void i18next.init({
  lng: 'en',
  fallbackLng: 'en',
  resources: {},
  interpolation: { escapeValue: false }, // React escapes what it shows.
  initAsync: false,
})

/** The key of a sentence: plural forms `rows_one` and `rows_other` are both asked for as `rows`. */
type KeyOf<W> = {
  [K in keyof W & string]: K extends `${infer Base}_one` ? Base : K extends `${infer Base}_other` ? Base : K
}[keyof W & string]

/**
 * The words of a module: `const t = words('know.sources', { title: 'Feeds', rows_one: '…', rows_other: '…' })`, then
 * `t('rows', { count })`. Another language is one more bundle under the same namespace.
 */
export function words<const W extends Record<string, string>>(
  namespace: string,
  english: W,
): (key: KeyOf<W>, facts?: TOptions & Record<string, unknown>) => string {
  const ns = namespace.replaceAll('.', '-')
  i18next.addResourceBundle('en', ns, english)
  const t = i18next.getFixedT(null, ns)
  // Most sentences have no facts in them and are said again and again.
  const said = new Map<string, string>()
  return (key, facts) => {
    if (facts !== undefined) return t(key as string, facts) as string
    const known = said.get(key as string)
    if (known !== undefined) return known
    const sentence = t(key as string, {}) as string
    said.set(key as string, sentence)
    return sentence
  }
}

/** The language that sentences are in; numbers and dates follow it. */
export const language = (): string => i18next.resolvedLanguage ?? 'en'
