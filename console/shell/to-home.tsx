import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { t } from './words.ts'

export const ToHome = () => (
  <Button component={Link} to="/" variant="default">
    {t('toHome')}
  </Button>
)
