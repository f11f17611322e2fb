/**
 * Modules with routes and no page of their own, each with the reason; test/architecture.test.ts reads this list. Whoever
 * adds console/<layer>/<module>/ takes its line out.
 */
export const NOT_SHOWN: Readonly<Record<string, string>> = {
  // Its people never steer it by screen.
  'trust/views': 'every list shows its saved views: shell/views.tsx',

  // Reached over the API today.
  'engage/timeline': 'shown on the page of the customer: know/customers',
}
