import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import '@mantine/spotlight/styles.layer.css'
import '../ui/ui.css'
import './shell.css'
import '../ui/print.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { keepFocus } from '../ui/focus.ts'
import { theme, variables } from '../ui/theme.ts'
import { queries } from './api.ts'
import { Broken } from './broken.tsx'
import { Connection } from './connection.tsx'
import { router } from './router.tsx'
import { Gate } from './session.tsx'

// Style elements that libraries write carry this answer's nonce: without it the policy refuses them.
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
Object.assign(globalThis, { __webpack_nonce__: nonce })

keepFocus(() => document.getElementById('page'))

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <Notifications position="bottom-right" limit={4} transitionDuration={120} />
      <QueryClientProvider client={queries}>
        <Broken>
          <Connection />
          <Gate>
            <RouterProvider router={router} />
          </Gate>
        </Broken>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
