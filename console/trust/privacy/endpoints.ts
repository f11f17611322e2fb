import type * as privacy from '#trust/privacy/contract'
import { endpoint } from '../../shell/api.ts'

export const personalData = endpoint<{ reply: typeof privacy.PersonalDataReply }>(
  'GET',
  '/api/trust/privacy/personal-data',
)
