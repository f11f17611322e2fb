import { useComputedColorScheme } from '@mantine/core'
import {
  BarChart,
  FunnelChart,
  GraphChart,
  HeatmapChart,
  LineChart,
  SankeyChart,
  ScatterChart,
  TreemapChart,
} from 'echarts/charts'
import {
  AriaComponent,
  DatasetComponent,
  DataZoomInsideComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components'
import { type EChartsCoreOption, type EChartsType, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'

use([
  AriaComponent,
  BarChart,
  CanvasRenderer,
  DataZoomInsideComponent,
  DatasetComponent,
  FunnelChart,
  GraphChart,
  GridComponent,
  HeatmapChart,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  SankeyChart,
  ScatterChart,
  TooltipComponent,
  TreemapChart,
  VisualMapComponent,
])

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

/** Told apart by lightness too, so that whoever sees no hue sees the order. */
const series = (dark: boolean): string[] =>
  dark
    ? ['#4ea39a', '#86bdf2', '#f0b455', '#c3a6e8', '#e58f86', '#a3abb4']
    : ['#14695f', '#3f86c6', '#c98a1b', '#7d5ba6', '#b3554c', '#7b8794']

function inScheme(option: EChartsCoreOption, dark: boolean): EChartsCoreOption {
  const [text, dimmed, line, body] = [
    '--mantine-color-text',
    '--mantine-color-dimmed',
    '--ui-line',
    '--mantine-color-body',
  ].map(style)
  const axis = {
    axisLine: { lineStyle: { color: line } },
    axisTick: { lineStyle: { color: line } },
    axisLabel: { color: dimmed, hideOverlap: true },
    splitLine: { lineStyle: { color: line } },
    nameTextStyle: { color: dimmed },
  }
  const withAxis = (given: unknown): unknown =>
    given === undefined
      ? undefined
      : Array.isArray(given)
        ? given.map(withAxis)
        : {
            ...axis,
            ...(given as object),
            axisLabel: { ...axis.axisLabel, ...(given as { axisLabel?: object }).axisLabel },
          }
  const said = coloured(option) as Record<string, unknown>
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  return {
    color: series(dark),
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: text },
    animation: !still,
    animationDuration: 150,
    animationDurationUpdate: 150,
    grid: { left: 8, right: 12, top: 16, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    aria: { enabled: false },
    ...said,
    ...(said.xAxis === undefined ? {} : { xAxis: withAxis(said.xAxis) }),
    ...(said.yAxis === undefined ? {} : { yAxis: withAxis(said.yAxis) }),
    ...(said.legend === undefined
      ? {}
      : {
          legend: {
            top: 0,
            left: 0,
            itemWidth: 12,
            itemHeight: 8,
            icon: 'roundRect',
            textStyle: { color: text },
            ...(said.legend as object),
          },
        }),
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
  useEffect(() => {
    chart.current?.setOption(inScheme(option, scheme === 'dark'), { notMerge: true })
  }, [option, scheme])
  return <div ref={place} role="img" aria-label={label} style={{ height, width: '100%' }} />
}
