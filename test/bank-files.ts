/** Mapping documents and files of a small bank, for tests of what becomes of files. */
const csv = { type: 'delimited', delimiter: ';' }
export const PEOPLE = {
  kind: 'source',
  id: 'people',
  title: 'People',
  file: 'people*.csv',
  format: csv,
  columns: ['id', 'name', 'born', 'home'],
  target: 'customer',
  key: ['id'],
  fields: {
    full_name: 'name',
    birth_on: { date: 'born', format: 'YYYY-MM-DD' },
    household: 'home',
    city: { value: 'Lisbon' },
  },
}
export const ACCOUNTS = {
  kind: 'source',
  id: 'accounts',
  title: 'Accounts',
  file: 'accounts*.csv',
  format: csv,
  columns: ['id', 'owner', 'opened', 'balance'],
  target: 'holding',
  key: ['id'],
  fields: {
    customer_id: { lookup: 'customer', namespace: 'people', of: 'owner' },
    product: { value: 'everyday' },
    number: 'id',
    opened_on: { date: 'opened', format: 'DD.MM.YYYY' },
    currency: { value: 'EUR' },
    balance_minor: { amount: 'balance', currency: 'EUR', decimal: ',' },
  },
}
const OWNERS = {
  kind: 'source',
  id: 'owners',
  title: 'Owners',
  file: 'owners*.csv',
  format: csv,
  columns: ['account', 'person', 'since'],
  target: 'role',
  key: ['account', 'person'],
  fields: {
    customer_id: { lookup: 'customer', namespace: 'people', of: 'person' },
    holding_id: { lookup: 'holding', namespace: 'accounts', of: 'account' },
    role: { value: 'owner' },
    authority: { value: 'either' },
    from_on: { date: 'since', format: 'YYYY-MM-DD' },
  },
}
export const ENTRIES = {
  kind: 'source',
  id: 'entries',
  title: 'Entries',
  file: 'entries*.csv',
  format: csv,
  target: 'transaction',
  key: ['id'],
  columns: ['id', 'account', 'day', 'amount', 'way', 'kind', 'state', 'back', 'settles', 'other', 'category'],
  due: { at: '07:00' },
  control: { file: '*.control.json', sumOf: 'amount_minor' },
  fields: {
    holding_id: { lookup: 'holding', namespace: 'accounts', of: 'account' },
    transaction_id: 'id',
    booked_on: { date: 'day', format: 'YYYYMMDD' },
    amount_minor: { amount: 'amount', currency: 'EUR', sign: { by: 'way', plus: ['IN'], minus: ['OUT'] } },
    currency: { value: 'EUR' },
    kind: { map: 'kind', to: { S: 'salary', C: 'card', T: 'transfer' } },
    status: { map: 'state', to: { '': 'booked', P: 'pending' } },
    reverses: 'back',
    settles: 'settles',
    counterparty: 'other',
    category: 'category',
  },
}
const EVENTS = {
  kind: 'source',
  id: 'visits',
  title: 'Visits',
  file: 'visits*.jsonl',
  format: { type: 'json_lines' },
  columns: ['id', 'who', 'at', 'page'],
  target: 'event',
  key: ['id'],
  fields: {
    customer_id: { lookup: 'customer', namespace: 'people', of: 'who' },
    event_id: 'id',
    type: { value: 'web.visit' },
    occurred_at: { instant: 'at', format: 'iso' },
    detail_page: 'page',
  },
}
const STANDINGS = {
  kind: 'source',
  id: 'standings',
  title: 'Standings',
  file: 'standings*.csv',
  format: csv,
  columns: ['id', 'who', 'what', 'since'],
  target: 'standing',
  key: ['id'],
  fields: {
    customer_id: { lookup: 'customer', namespace: 'people', of: 'who' },
    standing: 'what',
    reason: { value: 'told by the core system' },
    from_on: { date: 'since', format: 'YYYY-MM-DD' },
  },
}
export const ALL = [PEOPLE, ACCOUNTS, OWNERS, ENTRIES, EVENTS, STANDINGS]
export const PEOPLE_FILE =
  'id;name;born;home\n1;Marta Silva;1985-02-28;H1\n2;"Tom ""T"" O\'Neill; jr";1990-12-01;H1\n3;Łucja Dvořák;2008-02-29;\n'
export const ACCOUNTS_FILE = 'id;owner;opened;balance\nA1;1;01.02.2024;1234,50\nA2;2;29.02.2024;-0,05\n'
export const HEAD = 'id;account;day;amount;way;kind;state;back;settles;other;category\n'
