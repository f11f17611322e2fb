/** A small line beside a number: its shape over time, without axes. Drawn by hand, since it must cost nothing. */
export function Spark({
  values,
  width = 72,
  height = 18,
}: {
  values: readonly number[]
  width?: number
  height?: number
}) {
  const least = Math.min(...values)
  const span = Math.max(...values) - least || 1
  const points = values.map((value, at) => {
    const x = 1 + (at / (values.length - 1)) * (width - 2)
    const y = height - 2 - ((value - least) / span) * (height - 4)
    return `${x.toFixed(1)},${y.toFixed(1)}`
  })
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <polyline points={points.join(' ')} fill="none" stroke="var(--mantine-primary-color-filled)" strokeWidth={1.4} />
    </svg>
  )
}
