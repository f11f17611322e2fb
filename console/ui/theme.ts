import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/** The one accent: a deep teal. Everything else is neutral, and other colours only ever mean something. */
const accent: MantineColorsTuple = [
  '#e8f5f3',
  '#d3e8e5',
  '#a6d0cb',
  '#76b8b0',
  '#4ea39a',
  '#34958b',
  '#1f7f77',
  '#14695f',
  '#0d5a53',
  '#044a44',
]

/** For what cannot be taken back; dark enough for white letters in both schemes. */
const red: MantineColorsTuple = [
  '#fdecea',
  '#fad6d2',
  '#f5b3ad',
  '#f08b83',
  '#ea6b61',
  '#e5635a',
  '#cc3b32',
  '#b3261e',
  '#941b14',
  '#74120d',
]

/** Cool greys for the dark scheme: text, dimmed, placeholder, borders, fields, the page. */
const dark: MantineColorsTuple = [
  '#e6e8ea',
  '#bcc3ca',
  '#a3abb4',
  '#939ca6',
  '#3a4047',
  '#2e3338',
  '#1f2226',
  '#16181b',
  '#121416',
  '#0d0f11',
]

/** The head of a dialog is not a second banner of the page. */
const NO_BANNER = { header: { role: 'presentation' } }

const FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "Helvetica Neue", Arial, sans-serif'

export const theme = createTheme({
  primaryColor: 'accent',
  // White letters are read on both.
  primaryShade: { light: 7, dark: 6 },
  colors: { accent, dark, red },
  fontFamily: FONT,
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace',
  headings: {
    fontFamily: FONT,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '22px', lineHeight: '28px' },
      h2: { fontSize: '16px', lineHeight: '24px' },
      h3: { fontSize: '14px', lineHeight: '20px' },
    },
  },
  // A 4-pixel grid on a 14-pixel base.
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.45', lg: '1.5', xl: '1.5' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'md',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'sm' } },
    Modal: {
      defaultProps: {
        transitionProps: { duration: 120 },
        overlayProps: { backgroundOpacity: 0.4 },
        attributes: NO_BANNER,
      },
    },
    Drawer: { defaultProps: { transitionProps: { duration: 120 }, attributes: NO_BANNER } },
    Menu: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md' } },
    Popover: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md' } },
    Tooltip: { defaultProps: { transitionProps: { duration: 80 }, openDelay: 200, multiline: true, maw: 360 } },
    Anchor: { defaultProps: { underline: 'hover' } },
  },
})

/** Greys that small text can be read in: the library's own dimmed text is too faint for it. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1c2024',
    '--mantine-color-dimmed': '#59636e',
    '--mantine-color-placeholder': '#6b7580',
    '--mantine-color-anchor': '#14695f',
    '--mantine-color-error': '#b3261e',
    '--ui-sunken': '#f6f7f8',
    '--ui-line': '#e2e5e9',
    '--ui-hover': '#f0f2f4',
    '--ui-chosen': '#e8f5f3',
    '--ui-good': '#1a6b3c',
    '--ui-warn': '#8a5300',
    '--ui-bad': '#b3261e',
    '--ui-info': '#1d5f9e',
  },
  dark: {
    '--mantine-color-body': '#16181b',
    '--mantine-color-text': '#e6e8ea',
    '--mantine-color-dimmed': '#a3abb4',
    '--mantine-color-placeholder': '#939ca6',
    '--mantine-color-anchor': '#6fc7bd',
    '--mantine-color-error': '#ff9a92',
    '--mantine-color-default': '#1f2226',
    '--mantine-color-default-border': '#3a4047',
    '--ui-sunken': '#1b1e22',
    '--ui-line': '#2e3338',
    '--ui-hover': '#22262a',
    '--ui-chosen': '#173a37',
    '--ui-good': '#6fd08f',
    '--ui-warn': '#f0b455',
    '--ui-bad': '#ff9a92',
    '--ui-info': '#86bdf2',
  },
})
