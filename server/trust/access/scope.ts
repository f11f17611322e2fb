import type { Scope } from '#platform/http'

/** Where a customer belongs in the bank. */
export interface Units {
  branchCode: string | null
  teamCode: string | null
  portfolioCode: string | null
}

/** Whether the customer is one the actor answers for: by branch, by team or by portfolio, any of them is enough. */
export function inScope(scope: Scope, { branchCode, teamCode, portfolioCode }: Units): boolean {
  if (scope === 'all') return true
  return (
    (branchCode !== null && (scope.branches?.includes(branchCode) ?? false)) ||
    (teamCode !== null && (scope.teams?.includes(teamCode) ?? false)) ||
    (portfolioCode !== null && (scope.portfolios?.includes(portfolioCode) ?? false))
  )
}

/** One row of a person's scope. */
export interface Unit {
  kind: 'bank' | 'branch' | 'team' | 'portfolio'
  code: string
}

/** The rows of a person's scope as one value; no rows at all is nobody. */
export function scopeOf(units: readonly Unit[]): Scope {
  if (units.some(({ kind }) => kind === 'bank')) return 'all'
  const codes = (wanted: Unit['kind']): string[] => units.filter(({ kind }) => kind === wanted).map(({ code }) => code)
  return { branches: codes('branch'), teams: codes('team'), portfolios: codes('portfolio') }
}
