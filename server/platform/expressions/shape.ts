/** Makes records with these properties in this order, all of one shape, of the values from place `from` on. */
export function recordOf(names: readonly string[], from = 0): (values: readonly unknown[]) => Record<string, unknown> {
  // Copied whole, a record has its shape before its values.
  const template = JSON.parse(`{${names.map((name) => `${JSON.stringify(name)}:null`).join(',')}}`) as object
  return (values) => {
    const record: Record<string, unknown> = { ...template }
    for (let place = 0; place < names.length; place++) record[names[place]!] = values[from + place]
    return record
  }
}

/** The values of these properties in this order, null where one is absent. */
export const valuesOf =
  (names: readonly string[]): ((record: Readonly<Record<string, unknown>>) => unknown[]) =>
  (record) => {
    const values = new Array<unknown>(names.length)
    for (let place = 0; place < names.length; place++) values[place] = record[names[place]!] ?? null
    return values
  }
