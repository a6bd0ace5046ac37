interface SparklineProps {
  readonly values: readonly number[]
  readonly label: string
  readonly width?: number
  readonly height?: number
}

/** A line of values over time, from zero up, so that silence lies on the floor. */
export function Sparkline({ values, label, width = 150, height = 34 }: SparklineProps) {
  const most = Math.max(1, ...values)
  const step = width / Math.max(1, values.length - 1)
  const points = values.map((value, index) => `${(index * step).toFixed(1)},${(height - 2 - (value / most) * (height - 4)).toFixed(1)}`)
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={label}
      preserveAspectRatio="none"
      style={{ maxWidth: '100%', display: 'block' }}
    >
      <polygon points={`0,${height} ${points.join(' ')} ${width},${height}`} fill="var(--chart-events)" opacity={0.16} />
      <polyline points={points.join(' ')} fill="none" stroke="var(--chart-events)" strokeWidth={1.5} strokeLinejoin="round" />
    </svg>
  )
}
