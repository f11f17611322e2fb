/** Sums over the households of one arm: enough for the rate and its variance, however many there are. */
export interface ArmSums {
  households: number
  customers: number
  /** Customers with the outcome. */
  successes: number
  /** Σ over households of successes², successes × customers, customers². */
  successesSquared: number
  successesByCustomers: number
  customersSquared: number
}

export interface ArmRate {
  households: number
  customers: number
  successes: number
  /** 0..1; null without customers. */
  rate: number | null
  /** Standard error of the rate; null with fewer than two households. */
  standardError: number | null
}

export interface Lift {
  treated: ArmRate
  control: ArmRate
  /** Treated rate − control rate; null when an arm is empty. */
  lift: number | null
  /** 95 % interval of the lift; null when an arm has fewer than two households. */
  interval: [number, number] | null
  /** Whether the interval leaves out zero. */
  proven: boolean
}

/** Two-sided 95 % point of the standard normal distribution. */
const Z95 = 1.959963984540054

/**
 * The rate of one arm with its standard error. Households are the unit that was drawn, so their members' outcomes are
 * not independent: the error is that of a ratio of household totals (Cochran, Sampling Techniques, 3rd ed., §2.11,
 * without finite-population correction).
 */
export function armRate(sums: ArmSums): ArmRate {
  const { households, customers, successes } = sums
  if (customers === 0) return { households, customers, successes, rate: null, standardError: null }
  const rate = successes / customers
  if (households < 2) return { households, customers, successes, rate, standardError: null }
  const residuals = sums.successesSquared - 2 * rate * sums.successesByCustomers + rate * rate * sums.customersSquared
  const variance = ((households / (households - 1)) * Math.max(0, residuals)) / (customers * customers)
  return { households, customers, successes, rate, standardError: Math.sqrt(variance) }
}

/**
 * The error of an arm as the interval takes it. Where nobody had the outcome, or everybody, the households differ in
 * nothing and their error would be 0: five silent customers would prove anything. There it is that of one household more
 * with the outcome and one more without (Agresti and Caffo 2000).
 */
function errorOf({ households, customers, successes, standardError }: ArmRate): number | null {
  if (standardError === null || (successes > 0 && successes < customers)) return standardError
  const share = 1 / (households + 2)
  return Math.sqrt((share * (1 - share)) / (households + 2))
}

/** The difference that being in the treated arm made, by intention to treat. */
export function liftOf(treatedSums: ArmSums, controlSums: ArmSums): Lift {
  const treated = armRate(treatedSums)
  const control = armRate(controlSums)
  const lift = treated.rate !== null && control.rate !== null ? treated.rate - control.rate : null
  const [treatedError, controlError] = [errorOf(treated), errorOf(control)]
  if (lift === null || treatedError === null || controlError === null)
    return { treated, control, lift, interval: null, proven: false }
  const half = Z95 * Math.hypot(treatedError, controlError)
  const interval: [number, number] = [Math.max(-1, lift - half), Math.min(1, lift + half)]
  return { treated, control, lift, interval, proven: half > 0 && (interval[0] > 0 || interval[1] < 0) }
}
