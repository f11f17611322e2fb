import type * as contract from '#learn/pulse/contract'
import { endpoint } from '../../shell/api.ts'

export const pulse = endpoint<{ reply: typeof contract.Pulse }>('GET', '/api/learn/pulse')
export const STREAM = '/api/learn/pulse/stream'
