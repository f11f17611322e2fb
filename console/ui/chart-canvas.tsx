import { useComputedColorScheme } from '@mantine/core'
import { SankeyChart } from 'echarts/charts'
import { TooltipComponent } from 'echarts/components'
import { type EChartsCoreOption, type EChartsType, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { SERIES_COLOURS } from './chart-scale.ts'

// Only what is drawn somewhere: each kind weighs. A chart of bars or lines, or of areas, is drawn without this.
use([CanvasRenderer, SankeyChart, TooltipComponent])

const style = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

const NAMED: Record<string, string> = {
  good: '--ui-good',
  warn: '--ui-warn',
  bad: '--ui-bad',
  info: '--ui-info',
  quiet: '--mantine-color-dimmed',
  accent: '--mantine-primary-color-filled',
  line: '--ui-line',
  text: '--mantine-color-text',
}

/** The same option with named colours as the scheme has them. */
function coloured(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(coloured)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, found]) => [
      key,
      typeof found === 'string' && found in NAMED && /color/i.test(key) ? style(NAMED[found]!) : coloured(found),
    ]),
  )
}

const series = (): string[] => Array.from({ length: SERIES_COLOURS }, (_, at) => style(`--ui-series-${at + 1}`))

function inScheme(option: EChartsCoreOption): EChartsCoreOption {
  const [text, line, body] = ['--mantine-color-text', '--ui-line', '--mantine-color-body'].map(style)
  const said = coloured(option) as Record<string, unknown>
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  return {
    color: series(),
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: text },
    animation: !still,
    animationDuration: 150,
    animationDurationUpdate: 150,
    aria: { enabled: false },
    ...said,
    series: [said.series ?? []].flat().map((one) => ({ label: { color: text }, ...(one as object) })),
    // Drawn on the canvas: markup made from a name is what the policy is there to refuse.
    tooltip: {
      renderMode: 'richText',
      confine: true,
      backgroundColor: body,
      borderColor: line,
      textStyle: { color: text, fontSize: 12 },
      ...(said.tooltip as object),
    },
  }
}

/** The drawing itself; it follows its place's size and the scheme. */
export default function ChartCanvas({
  option,
  height,
  label,
  onPick,
}: {
  option: EChartsCoreOption
  height: number
  label: string
  onPick?: ((picked: { series: string; name: string; index: number }) => void) | undefined
}) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(undefined)
  const scheme = useComputedColorScheme('light')
  const pick = useRef(onPick)
  pick.current = onPick
  useEffect(() => {
    const drawn = init(place.current!)
    chart.current = drawn
    drawn.on('click', ({ seriesName, name, dataIndex }) =>
      pick.current?.({ series: seriesName ?? '', name: String(name), index: dataIndex }),
    )
    const watcher = new ResizeObserver(() => drawn.resize())
    watcher.observe(place.current!)
    return () => {
      watcher.disconnect()
      drawn.dispose()
    }
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another scheme has other colours.
  useEffect(() => {
    chart.current?.setOption(inScheme(option), { notMerge: true })
  }, [option, scheme])
  return <div ref={place} role="img" aria-label={label} style={{ height, width: '100%' }} />
}
