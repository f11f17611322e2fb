import { useAsk } from '../../shell/api.ts'
import { roleName } from '../../shell/words.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Icon } from '../../ui/icons.tsx'
import * as endpoints from './endpoints.ts'
import { t } from './words.ts'

interface Row {
  permission: string
  roles: ReadonlySet<string>
}

/** What each role may do, a permission a row and a role a column: to be read, filtered and taken along as CSV. */
export function RolesTable() {
  const roles = useAsk(endpoints.roles, {})
  const all = roles.data?.roles
  const systemsOnly = roles.data?.systemsOnly ?? []
  const rows: Row[] | undefined =
    all &&
    [...new Set([...all.flatMap(({ permissions }) => permissions), ...systemsOnly])].sort().map((permission) => ({
      permission,
      roles: new Set(all.filter(({ permissions }) => permissions.includes(permission)).map(({ role }) => role)),
    }))
  const columns: Column<Row>[] = [
    { id: 'permission', title: t('permission'), value: ({ permission }) => permission, width: 'minmax(190px, 230px)' },
    ...(all ?? []).map(
      ({ role }): Column<Row> => ({
        id: role,
        title: roleName(role),
        value: (row) => (row.roles.has(role) ? t('may') : ''),
        show: (row) =>
          row.roles.has(role) ? (
            <span className="ui-good">
              <Icon name="check" />
              <span className="ui-visually-hidden">{t('may')}</span>
            </span>
          ) : (
            <span className="ui-visually-hidden">{t('mayNot')}</span>
          ),
        width: 118,
      }),
    ),
    {
      id: 'systems',
      title: t('onlySystems'),
      value: ({ permission }) => (systemsOnly.includes(permission) ? t('may') : ''),
      width: 150,
    },
  ]
  return (
    <>
      <p className="ui-quiet">{t('rolesSays')}</p>
      <DataTable
        name="roles"
        prefix="r"
        title={t('roles')}
        columns={columns}
        rows={rows}
        rowId={({ permission }) => permission}
        error={roles.error}
        onAgain={() => void roles.refetch()}
        sortedBy="permission"
        empty={{ title: t('roles'), sentence: t('rolesSays') }}
      />
    </>
  )
}
