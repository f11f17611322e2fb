import { storesForRun } from './harness.ts'

/** Run by vitest once, before the first test file; what it returns is run after the last. */
export default storesForRun
