import { type Route, route } from '#platform/http'
import { PersonalDataReply } from './contract.ts'
import { personalData } from './index.ts'

export const routes: Route[] = [
  route({
    method: 'GET',
    url: '/api/trust/privacy/personal-data',
    summary: 'The register: every column that holds personal data, what it is held for and how long.',
    needs: 'trust.privacy:read',
    rate: { perMinute: 60 },
    reply: PersonalDataReply,
    handle: async ({ rt }) => ({ columns: await personalData(rt) }),
  }),
]
