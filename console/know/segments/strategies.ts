import { t } from './words.ts'

/** What the bank wants with the customers of a segment, in words. */
export const STRATEGIES: Record<string, string> = {
  gain: t('strategy_gain'),
  grow: t('strategy_grow'),
  keep: t('strategy_keep'),
  care: t('strategy_care'),
}
