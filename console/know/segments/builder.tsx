import { ActionIcon, Button, Chip, NumberInput, SegmentedControl, Select, TagsInput, TextInput } from '@mantine/core'
import { createContext, useContext, useMemo } from 'react'
import {
  type ActionProps,
  type CombinatorSelectorProps,
  type FieldSelectorProps,
  type NotToggleProps,
  type OperatorSelectorProps,
  QueryBuilder,
  type RuleGroupType,
  type ValueEditorProps,
} from 'react-querybuilder'
import type { Static } from 'typebox'
import type { CatalogueReply } from '#know/attributes/contract'
import { homeCurrency, money } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import './builder.css'
import { type Group, type Operator, operatorsFor } from './rule.ts'
import { t } from './words.ts'

type Attribute = Static<typeof CatalogueReply>['attributes'][number]

const NAMES: Record<Operator, string> = {
  '=': t('op_eq'),
  '!=': t('op_ne'),
  '<': t('op_lt'),
  '<=': t('op_le'),
  '>': t('op_gt'),
  '>=': t('op_ge'),
  in: t('op_in'),
  notIn: t('op_notIn'),
  beginsWith: t('op_beginsWith'),
  contains: t('op_contains'),
  containsNot: t('op_containsNot'),
  isTrue: t('op_isTrue'),
  isFalse: t('op_isFalse'),
  known: t('op_known'),
  unknown: t('op_unknown'),
  withinDays: t('op_withinDays'),
}
const nameOf = (operator: Operator, type: string | undefined): string =>
  type === 'date' && operator === '>='
    ? t('op_from')
    : type === 'date' && operator === '<='
      ? t('op_until')
      : NAMES[operator]

/** What asks only whether takes no value. */
const WITHOUT_VALUE = new Set<string>(['isTrue', 'isFalse', 'known', 'unknown'])
const WITH_LIST = new Set<string>(['in', 'notIn'])

const Attributes = createContext<ReadonlyMap<string, Attribute>>(new Map())
const pop = { transitionProps: { duration: 80 } }

function FieldSelector({ value, handleOnChange, disabled }: FieldSelectorProps) {
  const attributes = useContext(Attributes)
  return (
    <Select
      className="know-rule-field"
      size="xs"
      aria-label={t('attribute')}
      searchable
      allowDeselect={false}
      disabled={disabled}
      data={[...attributes.values()].map(({ id, title }) => ({ value: id, label: title }))}
      value={value ?? null}
      onChange={(chosen) => chosen && handleOnChange(chosen)}
      comboboxProps={pop}
      maxDropdownHeight={280}
    />
  )
}

function OperatorSelector({ value, handleOnChange, field, disabled }: OperatorSelectorProps) {
  const type = useContext(Attributes).get(field)?.type
  return (
    <Select
      className="know-rule-operator"
      size="xs"
      aria-label={t('operator')}
      allowDeselect={false}
      disabled={disabled}
      data={operatorsFor(type).map((operator) => ({ value: operator, label: nameOf(operator, type) }))}
      value={value ?? null}
      onChange={(chosen) => chosen && handleOnChange(chosen)}
      comboboxProps={pop}
    />
  )
}

/** How many digits the bank's currency has after the point. */
const minorDigits = (): number => Math.max(0, money(1, homeCurrency()).replace(/[^0-9]/g, '').length - 1)

function ValueEditor({ field, operator, value, handleOnChange, disabled }: ValueEditorProps) {
  const attribute = useContext(Attributes).get(field)
  if (WITHOUT_VALUE.has(operator)) return null
  if (WITH_LIST.has(operator))
    return (
      <TagsInput
        className="know-rule-value"
        size="xs"
        aria-label={t('values')}
        disabled={disabled}
        value={(Array.isArray(value) ? value : value === '' || value == null ? [] : [value]).map(String)}
        onChange={handleOnChange}
        splitChars={[',']}
      />
    )
  const numeric = operator === 'withinDays' || attribute?.type === 'int' || attribute?.type === 'double'
  if (numeric) {
    const isMoney = attribute?.unit === 'minor'
    const digits = isMoney ? minorDigits() : 0
    return (
      <NumberInput
        className="know-rule-value"
        size="xs"
        aria-label={t('value')}
        disabled={disabled}
        hideControls
        thousandSeparator=","
        decimalScale={attribute?.type === 'double' ? 6 : digits}
        {...(isMoney ? { prefix: '€' === money(0)[0] ? '€' : '' } : {})}
        {...(operator === 'withinDays' || attribute?.unit === 'days' ? { suffix: ` ${t('days')}` } : {})}
        value={Number(value ?? 0) / 10 ** digits}
        onChange={(next) => handleOnChange(Math.round(Number(next || 0) * 10 ** (digits + 6)) / 1e6)}
      />
    )
  }
  if (attribute?.type === 'date')
    return (
      <TextInput
        className="know-rule-value"
        size="xs"
        type="date"
        aria-label={t('value')}
        disabled={disabled}
        value={String(value ?? '')}
        onChange={(event) => handleOnChange(event.currentTarget.value)}
      />
    )
  return (
    <TextInput
      className="know-rule-value"
      size="xs"
      aria-label={t('value')}
      disabled={disabled}
      value={String(Array.isArray(value) ? (value[0] ?? '') : (value ?? ''))}
      onChange={(event) => handleOnChange(event.currentTarget.value)}
    />
  )
}

const Combinator = ({ value, handleOnChange, disabled }: CombinatorSelectorProps) => (
  <SegmentedControl
    size="xs"
    aria-label={t('combinator')}
    disabled={disabled}
    data={[
      { value: 'and', label: t('and') },
      { value: 'or', label: t('or') },
    ]}
    value={value ?? 'and'}
    onChange={handleOnChange}
  />
)

const Not = ({ checked, handleOnChange, disabled }: NotToggleProps) => (
  <Chip
    size="xs"
    variant="outline"
    checked={checked ?? false}
    onChange={handleOnChange}
    disabled={disabled}
    title={t('notSays')}
  >
    {t('not')}
  </Chip>
)

const Adder = ({
  label,
  handleOnClick,
  disabled,
}: Pick<ActionProps, 'handleOnClick' | 'disabled'> & { label: string }) => (
  <Button
    size="compact-xs"
    variant="subtle"
    disabled={disabled}
    leftSection={<Icon name="plus" size={12} />}
    onClick={(event) => handleOnClick(event)}
  >
    {label}
  </Button>
)
const Remover = ({
  label,
  handleOnClick,
  disabled,
}: Pick<ActionProps, 'handleOnClick' | 'disabled'> & { label: string }) => (
  <ActionIcon
    variant="subtle"
    color="gray"
    size={28}
    aria-label={label}
    disabled={disabled}
    onClick={(event) => handleOnClick(event)}
  >
    <Icon name="close" size={14} />
  </ActionIcon>
)
const AddCondition = (props: ActionProps) => (
  <Adder label={t('addCondition')} handleOnClick={props.handleOnClick} disabled={props.disabled} />
)
const AddGroup = (props: ActionProps) => (
  <Adder label={t('addGroup')} handleOnClick={props.handleOnClick} disabled={props.disabled} />
)
const RemoveCondition = (props: ActionProps) => (
  <Remover label={t('remove')} handleOnClick={props.handleOnClick} disabled={props.disabled} />
)
const RemoveGroup = (props: ActionProps) => (
  <Remover label={t('removeGroup')} handleOnClick={props.handleOnClick} disabled={props.disabled} />
)

const controls = {
  fieldSelector: FieldSelector,
  operatorSelector: OperatorSelector,
  valueEditor: ValueEditor,
  combinatorSelector: Combinator,
  notToggle: Not,
  addRuleAction: AddCondition,
  addGroupAction: AddGroup,
  removeRuleAction: RemoveCondition,
  removeGroupAction: RemoveGroup,
}

/** The first value of a condition: nought, nothing, or an empty list. */
const defaultValue = (attribute: Attribute | undefined, operator: string): unknown =>
  WITHOUT_VALUE.has(operator)
    ? null
    : WITH_LIST.has(operator)
      ? []
      : operator === 'withinDays'
        ? 30
        : attribute?.type === 'int' || attribute?.type === 'double'
          ? 0
          : ''

/** The conditions of a rule, as controls. */
export default function Builder({
  tree,
  attributes,
  readOnly,
  onChange,
}: {
  tree: Group
  attributes: readonly Attribute[]
  readOnly: boolean
  onChange: (tree: Group) => void
}) {
  const byId = useMemo(
    () => new Map([...attributes].sort((a, b) => a.title.localeCompare(b.title)).map((one) => [one.id, one])),
    [attributes],
  )
  const fields = useMemo(
    () => [...byId.values()].map(({ id, title }) => ({ name: id, value: id, label: title })),
    [byId],
  )
  return (
    <Attributes value={byId}>
      <QueryBuilder
        query={tree as unknown as RuleGroupType}
        onQueryChange={(next) => onChange(next as unknown as Group)}
        fields={fields}
        getOperators={(field) =>
          operatorsFor(byId.get(field)?.type).map((name) => ({ name, value: name, label: NAMES[name] }))
        }
        getDefaultField={() => [...byId.values()].find(({ type }) => type === 'int')?.id ?? fields[0]?.name ?? ''}
        getDefaultValue={(rule) => defaultValue(byId.get(rule.field), rule.operator)}
        controlElements={controls}
        controlClassnames={{ queryBuilder: 'know-builder' }}
        combinators={COMBINATORS}
        resetOnOperatorChange={false}
        resetOnFieldChange
        listsAsArrays
        showNotToggle
        disabled={readOnly}
      />
    </Attributes>
  )
}

const COMBINATORS = [
  { name: 'and', value: 'and', label: t('and') },
  { name: 'or', value: 'or', label: t('or') },
]
