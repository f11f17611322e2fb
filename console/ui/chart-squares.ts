/** Where a part of a picture lies, in hundredths of its width and height. */
export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** How far the most stretched of a row is from a square: 1 is one. */
function stretch(row: readonly number[], side: number): number {
  const sum = row.reduce((all, one) => all + one, 0)
  return Math.max(...row.map((one) => Math.max((side * side * one) / (sum * sum), (sum * sum) / (side * side * one))))
}

/**
 * Divides an area among values so that each has its share of it and is as near to a square as it can be: rows along the
 * shorter side, each taking values for as long as they become squarer (Bruls, Huizing and van Wijk, "Squarified
 * treemaps", 2000). The values go from the largest to the smallest, and are above zero. `across` is how many times
 * wider a hundredth of the width is than one of the height.
 */
export function squares(values: readonly number[], area: Area, across = 1): Area[] {
  const sum = values.reduce((all, one) => all + one, 0)
  let { x, y, width, height } = { ...area, x: area.x * across, width: area.width * across }
  const scaled = values.map((value) => (value / sum) * width * height)
  const laid: Area[] = []
  for (let at = 0; at < scaled.length; ) {
    const side = Math.min(width, height)
    let end = at + 1
    while (end < scaled.length && stretch(scaled.slice(at, end + 1), side) <= stretch(scaled.slice(at, end), side))
      end++
    const row = scaled.slice(at, end)
    const rowSum = row.reduce((all, one) => all + one, 0)
    const depth = rowSum / side
    let along = 0
    for (const one of row) {
      const length = one / depth
      laid.push(
        width >= height
          ? { x: x / across, y: y + along, width: depth / across, height: length }
          : { x: (x + along) / across, y, width: length / across, height: depth },
      )
      along += length
    }
    if (width >= height) {
      x += depth
      width -= depth
    } else {
      y += depth
      height -= depth
    }
    at = end
  }
  return laid
}
