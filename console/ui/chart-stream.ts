/** Where a place stands in its column. */
export interface Spot {
  readonly y: number
  readonly height: number
}
/** Where a band begins and ends, and how broad it is. */
export interface Laid {
  /** The column it goes out from. */
  readonly column: number
  readonly from: number
  readonly to: number
  readonly breadth: number
}

/**
 * Places under each other in their columns, as high as what goes through them, and bands between them. Each place hands
 * its bands on in the order of the places that they go to, so that no two bands cross without need. One scale holds for
 * all columns: the fullest fills the height.
 */
export function laidOut(
  places: readonly { readonly id: string; readonly at: number }[],
  flows: readonly { readonly from: string; readonly to: string; readonly value: number }[],
  height: number,
  gap: number,
): { columns: number; spots: Spot[]; bands: Laid[] } {
  const order = new Map(places.map(({ id }, at) => [id, at]))
  const sum = (side: 'from' | 'to', id: string): number =>
    flows.reduce((all, flow) => (flow[side] === id ? all + flow.value : all), 0)
  const sizes = places.map(({ id }) => Math.max(sum('from', id), sum('to', id)))
  const columns = Math.max(0, ...places.map(({ at }) => at)) + 1
  const scale = Math.min(
    ...Array.from({ length: columns }, (_, column) => {
      const own = sizes.filter((_, at) => places[at]!.at === column)
      const whole = own.reduce((all, one) => all + one, 0)
      return whole > 0 ? Math.max(0, height - gap * (own.length - 1)) / whole : Number.POSITIVE_INFINITY
    }),
  )
  const used = new Array<number>(columns).fill(0)
  const spots = places.map(({ at }, nth) => {
    const high = Number.isFinite(scale) ? sizes[nth]! * scale : 0
    const y = used[at]!
    used[at] = y + high + gap
    return { y, height: high }
  })
  const bands = new Array<Laid>(flows.length)
  const out = spots.map(({ y }) => y)
  const into = spots.map(({ y }) => y)
  const ends = flows.map((flow, at) => ({
    at,
    from: order.get(flow.from)!,
    to: order.get(flow.to)!,
    value: flow.value,
  }))
  const begins = new Array<number>(flows.length)
  for (const { at, from, value } of [...ends].sort((a, b) => a.from - b.from || a.to - b.to)) {
    begins[at] = out[from]!
    out[from]! += value * scale
  }
  for (const { at, from, to, value } of [...ends].sort((a, b) => a.to - b.to || a.from - b.from)) {
    bands[at] = { column: places[from]!.at, from: begins[at]!, to: into[to]!, breadth: value * scale }
    into[to]! += value * scale
  }
  return { columns, spots, bands }
}
