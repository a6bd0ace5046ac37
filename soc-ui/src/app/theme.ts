import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

/** Teal of a lit signal lamp: what can be pressed. */
const watch: MantineColorsTuple = [
  '#e3faf6',
  '#c8f2ea',
  '#97e3d7',
  '#62d2c2',
  '#37bfad',
  '#1aa897',
  '#0e8f81',
  '#0b766b',
  '#0b5f57',
  '#0a4c46',
]
/** Deep indigo of the night sky: surfaces of the dark theme and the navigation of both. */
const dark: MantineColorsTuple = [
  '#e0e4f5',
  '#c1c8e2',
  '#9fa8cb',
  '#757fa9',
  '#353d66',
  '#262d50',
  '#1b2140',
  '#131832',
  '#0f1328',
  '#0a0d1d',
]
const gray: MantineColorsTuple = [
  '#f6f7fb',
  '#edeff6',
  '#e1e5ef',
  '#cdd3e2',
  '#b3bbd0',
  '#8f98b3',
  '#666f8c',
  '#4a5370',
  '#323a56',
  '#1a2038',
]
const danger: MantineColorsTuple = [
  '#ffedf3',
  '#fcd6e2',
  '#f7a9c3',
  '#f47aa3',
  '#f25688',
  '#e63271',
  '#cf1b5b',
  '#ad0f49',
  '#8f0c3d',
  '#720a31',
]
const amber: MantineColorsTuple = [
  '#fff7e1',
  '#ffedc2',
  '#ffdc8a',
  '#fac94f',
  '#efb528',
  '#d99c0c',
  '#b57f00',
  '#8a6000',
  '#6d4c00',
  '#553b00',
]

export const theme = createTheme({
  colors: { watch, dark, gray, danger, amber },
  primaryColor: 'watch',
  primaryShade: 7,
  autoContrast: true,
  luminanceThreshold: 0.25,
  fontFamily: "'Inter Variable', 'Inter', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', 'JetBrains Mono', ui-monospace, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.3125rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'sm',
  radius: { xs: '3px', sm: '6px', md: '9px', lg: '12px', xl: '18px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', comboboxProps: { shadow: 'md' } } },
    Menu: { defaultProps: { shadow: 'md', width: 240 } },
    Tooltip: { defaultProps: { openDelay: 400, events: { hover: true, focus: true, touch: false } } },
    Paper: { defaultProps: { radius: 'md' } },
  },
})

/** Mantine's dimmed and placeholder greys are too faint for small text (WCAG 1.4.3), its borders for the edge of a field (1.4.11). */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f4f5fa',
    '--mantine-color-text': '#1a2038',
    '--mantine-color-dimmed': '#545d7b',
    '--mantine-color-placeholder': '#666f8c',
    '--mantine-color-error': '#ad0f49',
    '--mantine-color-anchor': '#0a665d',
    '--mantine-color-default-border': '#8a93af',
  },
  dark: {
    '--mantine-color-body': '#0f1328',
    '--mantine-color-text': '#e0e4f5',
    '--mantine-color-dimmed': '#a3acce',
    '--mantine-color-placeholder': '#8a94ba',
    '--mantine-color-error': '#f790b2',
    '--mantine-color-anchor': '#62d2c2',
    '--mantine-color-default-border': '#59639a',
    '--mantine-color-amber-light': 'rgb(239 181 40 / 12%)',
    '--mantine-color-amber-light-color': '#f5c95b',
    '--mantine-color-danger-light': 'rgb(242 86 136 / 13%)',
    '--mantine-color-danger-light-color': '#ff9dbd',
    '--mantine-color-watch-light': 'rgb(55 191 173 / 14%)',
    '--mantine-color-watch-light-color': '#7fe0d2',
    '--mantine-color-gray-light': 'rgb(143 152 179 / 12%)',
  },
})
