/** A ClickHouse string literal. Everything that comes from a mapping document goes through here. */
export const text = (value: string): string =>
  `'${value.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n').replace(/\0/g, '\\0').replace(/\t/g, '\\t').replace(/\r/g, '\\r')}'`

/** A ClickHouse array of string literals. */
export const texts = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`

/** A text as a regular expression that matches it and nothing else. */
export const literal = (value: string): string => value.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
