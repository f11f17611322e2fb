import type { ComponentType, ReactNode } from 'react'

/** The loop's parts, in the order in which they stand in the navigation. */
export const PARTS = ['know', 'decide', 'engage', 'learn', 'lead', 'trust'] as const
export type Part = (typeof PARTS)[number]

/** One line of the navigation. */
export interface Nav {
  readonly part: Part
  readonly to: string
  readonly title: string
  /** Drawn by `icon()` of ui/icons.tsx. */
  readonly icon?: string
  /** The permission without which the line is not shown; several: any of them. */
  readonly needs: string | readonly string[]
  /** Lower is higher; 50 unless given. */
  readonly order?: number
}

/** One page: its address, and where its component is, loaded when somebody first goes there. */
export interface PageRoute {
  /** '/know/customers/$customerId': what `useParams` gives. */
  readonly path: string
  readonly page: () => Promise<{ default: ComponentType }>
  readonly needs: string | readonly string[]
  /** Told that somebody goes there, before the page's code has come: what is asked with `begin` of shell/api.ts comes meanwhile. */
  readonly ahead?: (going: Going) => void
}

/** Somebody on the way to a page. */
export interface Going {
  readonly params: Readonly<Record<string, string>>
  readonly search: Readonly<Record<string, string | undefined>>
  readonly may: (needs: string | readonly string[]) => boolean
}

/** Something that the search of everything found. */
export interface Found {
  readonly id: string
  readonly label: string
  readonly description?: string
  readonly to: string
}

/** What a module adds to the search of everything. */
export interface Search {
  /** The heading of its answers: 'Customers'. */
  readonly title: string
  readonly needs: string | readonly string[]
  /** What it finds, where a field chooses one of them: `Choose` of shell/choose.tsx. The ids found are then its own. */
  readonly finds?: 'customer'
  /** Asked after a pause in typing with at least two characters. */
  find(text: string, signal: AbortSignal): Promise<readonly Found[]>
}

/** What a role sees first. */
export interface HomePanel {
  readonly id: string
  readonly needs: string | readonly string[]
  /** Roles that see it; all that have the permission unless given. */
  readonly roles?: readonly string[]
  readonly order: number
  readonly wide?: boolean
  readonly panel: () => Promise<{ default: ComponentType }>
}

/** What `console/<layer>/<module>/index.tsx` exports as default. */
export interface Registration {
  readonly nav?: readonly Nav[]
  readonly routes?: readonly PageRoute[]
  readonly search?: readonly Search[]
  readonly home?: readonly HomePanel[]
  /** Something always in the top bar, e.g. a warning that everything is stopped. */
  readonly bar?: readonly { needs: string | readonly string[]; show: () => ReactNode }[]
  /** A line over every page, for what everybody must know now: something is stopped. Shows nothing otherwise. */
  readonly banner?: readonly { needs: string | readonly string[]; show: () => ReactNode }[]
}

/** Says what a module shows; `export default register({ nav, routes, search })`. */
export const register = (registration: Registration): Registration => registration

export const allowed = (permissions: ReadonlySet<string>, needs: string | readonly string[]): boolean =>
  typeof needs === 'string' ? permissions.has(needs) || needs === '' : needs.some((need) => permissions.has(need))
