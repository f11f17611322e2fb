import { register } from '../../shell/registration.ts'
import { beginCustomer } from './asks.ts'
import { findCustomers } from './find.ts'
import { bornAndWhere, customerName } from './names.ts'

const NEEDS = 'know.customers:read'

export default register({
  nav: [{ part: 'know', to: '/know/customers', title: 'Customers', icon: 'people', needs: NEEDS, order: 10 }],
  routes: [
    { path: '/know/customers', page: () => import('./customers-page.tsx'), needs: NEEDS },
    {
      path: '/know/customers/$customerId',
      page: () => import('./customer-page.tsx'),
      needs: NEEDS,
      ahead: beginCustomer,
    },
  ],
  home: [
    { id: 'find', needs: NEEDS, order: 5, wide: true, panel: () => import('./home-find.tsx') },
    { id: 'complaints', needs: 'know.customers:write', order: 40, panel: () => import('./home-complaints.tsx') },
  ],
  search: [
    {
      title: 'Customers',
      needs: NEEDS,
      finds: 'customer',
      find: async (text, signal) => {
        const customers = await findCustomers(text, 8, signal)
        return customers.map((customer) => ({
          id: String(customer.customerId),
          label: customerName(customer),
          description: bornAndWhere(customer),
          to: `/know/customers/${customer.customerId}`,
        }))
      },
    },
  ],
})
