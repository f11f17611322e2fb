/** The part of package-lock.json (version 3) that matters here. */
export interface Lockfile {
  packages: Record<string, LockedPackage>
}

export interface LockedPackage {
  version?: string
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
  [other: string]: unknown
}

/** A package for another platform that the lock file should list and doesn't. */
export interface Missing {
  name: string
  version: string
  /** The package that wants it. */
  of: string
}

const SYSTEMS: Record<string, string> = {
  darwin: 'darwin',
  macos: 'darwin',
  linux: 'linux',
  linuxmusl: 'linux',
  windows: 'win32',
  win32: 'win32',
  android: 'android',
  freebsd: 'freebsd',
  openbsd: 'openbsd',
  netbsd: 'netbsd',
  sunos: 'sunos',
  aix: 'aix',
  openharmony: 'openharmony',
}
const PROCESSORS = [
  'arm64',
  'x64',
  'arm',
  'ia32',
  'ppc64',
  'riscv64',
  's390x',
  'loong64',
  'mips64el',
  'universal',
  'wasm32',
]
const LIBRARIES: Record<string, string> = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' }

/** What the name of a platform package says about where it is for; undefined when it names no platform. */
export function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> | undefined {
  const words = name.split(/[/@_.-]+/)
  const system = words.find((word) => word in SYSTEMS)
  const processor = PROCESSORS.find((candidate) => words.includes(candidate))
  if (!system || !processor) return undefined
  const library = words.find((word) => word in LIBRARIES)
  return { os: [SYSTEMS[system]!], cpu: [processor], ...(library ? { libc: [LIBRARIES[library]!] } : {}) }
}

/** Whether `name`, asked for by the package at `path`, is listed where Node would look for it. */
function isListed(lock: Lockfile, path: string, name: string): boolean {
  let from = path
  for (;;) {
    if (lock.packages[`${from === '' ? '' : `${from}/`}node_modules/${name}`]) return true
    if (from === '') return false
    const above = from.lastIndexOf('/node_modules/')
    from = above < 0 ? '' : from.slice(0, above)
  }
}

/**
 * npm writes only those optional packages into the lock file that the registry could show it; a registry that holds
 * some platforms only makes a lock file with which `npm ci` fails everywhere. This lists what lacks.
 */
export function missingFrom(lock: Lockfile): Missing[] {
  const missing: Missing[] = []
  for (const [path, entry] of Object.entries(lock.packages))
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {}))
      if (!isListed(lock, path, name)) missing.push({ name, version, of: path || 'this project' })
  return missing
}

/** The lock file with what lacks added; those whose name tells no platform are left and returned as well. */
export function completed(lock: Lockfile): { lock: Lockfile; added: Missing[]; left: Missing[] } {
  const added: Missing[] = []
  const left: Missing[] = []
  const packages = { ...lock.packages }
  for (const missing of missingFrom(lock)) {
    const platform = platformOf(missing.name)
    const exact = /^[\^~=v]*(\d+\.\d+\.\d+[^\s|]*)$/.exec(missing.version)?.[1]
    if (!platform || !exact) {
      left.push(missing)
      continue
    }
    packages[`node_modules/${missing.name}`] = { version: exact, ...platform, optional: true }
    added.push(missing)
  }
  const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')))
  return { lock: { ...lock, packages: sorted }, added, left }
}
