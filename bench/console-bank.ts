import { type Runtime, transaction } from '#platform/runtime'

/** Who has ten thousand transactions and two thousand contacts with their answers. */
export const HEAVY_CUSTOMER = 2
const TRANSACTIONS = 10_000
const CONTACTS = 2_000

/** Gives one customer of the bank of bench/decisions a long life with it. */
export async function giveAFullLife({ db, lake }: Runtime, progress: (sentence: string) => void): Promise<void> {
  progress(`${TRANSACTIONS} transactions and ${CONTACTS} contacts of one customer`)
  await lake.command(
    `insert into know.account_transaction
     select ${HEAVY_CUSTOMER}, today() - intDiv(number, 14) as d, concat('full-', toString(number)), d,
            toDateTime64(d, 3, 'UTC') + toIntervalMinute(number % 1400),
            -toInt64(300 + cityHash64(number) % 9000), 'EUR', 'card', '', '',
            ['groceries', 'travel', 'fuel', 'eating_out', 'shopping'][number % 5 + 1],
            NULL, 'booked', '', 0, 1, 1, number, number, 1
       from numbers(${TRANSACTIONS})`,
  )
  await db`
    insert into know.contact (customer_id, contact_id, direction, channel, issue, action_group, action, treatment, class,
                              communication, step, state, source, claimed_version, claimed_at, settled_at)
    select ${HEAVY_CUSTOMER}, md5('full ' || n)::uuid, 'inbound', 'app', 'bench', 'bench', 'bench', 'bench', 'service',
           'full ' || n, 0, 'clicked', 'bench', 1, now() - make_interval(hours => n), now() - make_interval(hours => n)
      from generate_series(1, ${CONTACTS}) n`
  await db`
    insert into know.response (customer_id, response_id, contact_id, kind, channel, idempotency_key, digest, version,
                               occurred_at, recorded_at)
    select c.customer_id, md5('answer ' || c.communication)::uuid, c.contact_id, 'click', 'app', c.communication, 'bench', 1,
           c.claimed_at, c.claimed_at
      from know.contact c
     where c.customer_id = ${HEAVY_CUSTOMER} and c.source = 'bench'`
}

const GIVEN = `Anna Björn Çağla Dmitri Élodie Fatima Günther Hélène Ivan Jürgen Katarzyna Łukasz Maria Noël Özlem Péter Quentin Rósa
 Sören Tomáš Ulrike Víctor Wiebke Xenia Yusuf Zoë Aleksander Birgit Carlos Dorota Emma Frédéric Giulia Henrik Ingrid José Karin
 Lars Małgorzata Nils Olga Paweł Renée Stefan Thérèse Uwe Vera Wolfgang Ágnes Zdeněk`
const FAMILY = `Müller Nowak Novák Schmidt Kowalski Dvořák Fernández García Håkansson Îles Jørgensen Kjær Łuczak Möller Núñez O'Brien
 Østergård Peña Quiñones Rossi Sánchez Šimek Thünemann Ünal Vásquez Weiß Wójcik Yıldız Zieliński Andersson Bauer Castro Dubois
 Eriksson Fischer Gruber Hoffmann Ivanov Jansen Keller Lindqvist Meier Nagy Olsen Petrov Richter Schulz Tóth Ulrich Vogel Wagner`
const SECOND = `Abel Berg Clay Dahl Eder Falk Gahr Haas Isen Jahn Kern Lang Moor Naab Otte Pohl Quast Raab Sack Thal Uhde Veit Wolf Zorn`

const words = (text: string): readonly string[] => text.split(/\s+/)
const GIVEN_NAMES = words(GIVEN)
const FAMILY_NAMES = words(FAMILY)
const SECOND_NAMES = words(SECOND)

/** A few customers of this bank, and what each may say of themselves, in the ways in which people say it. */
export async function spoken({ db }: Runtime, customers: number, people: number): Promise<Search[][]> {
  const ids = Array.from({ length: people }, (_, n) => Math.floor(customers / 2) + n * 731)
  const rows = await db<{ customerId: number; birthOn: string }[]>`
    select c.customer_id as "customerId", c.birth_on as "birthOn" from know.customer c
     where c.customer_id = any(${ids}::bigint[]) order by c.customer_id`
  return rows.map(({ customerId, birthOn }) => searchesFor(customerId, birthOn))
}

export interface Search {
  by: string
  text: string
}

function searchesFor(customerId: number, birthOn: string): Search[] {
  const given = GIVEN_NAMES[customerId % GIVEN_NAMES.length]!
  const family = FAMILY_NAMES[Math.floor(customerId / GIVEN_NAMES.length) % FAMILY_NAMES.length]!
  const plain = (name: string): string => name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const iban = ibanOf(customerId)
  return [
    { by: 'name', text: `${given} ${family}` },
    { by: 'beginnings without accents', text: `${plain(family).slice(0, 4)} ${plain(given).slice(0, 3)}` },
    { by: 'one word', text: family },
    { by: 'e-mail', text: `customer${customerId}@ex` },
    { by: 'telephone', text: `030 ${10_000_000 + customerId}` },
    { by: 'telephone from abroad', text: `+49 30 ${10_000_000 + customerId}` },
    { by: 'IBAN', text: iban.replace(/(.{4})/g, '$1 ').trim() },
    { by: 'last digits', text: iban.slice(-7) },
    { by: 'customer number', text: String(customerId) },
    { by: "a source's number", text: `K${customerId}` },
    { by: 'birth date', text: birthOn.split('-').reverse().join('.') },
    { by: 'name and birth date', text: `${family} ${birthOn}` },
  ]
}
const ibanOf = (customerId: number): string => `DE02${String(customerId * 7919).padStart(18, '0')}`

/** Gives everybody a name, and ways to be found by: e-mail, telephone, birth date, account number and a source's own id. */
export async function giveWaysToBeFound(rt: Runtime, progress: (sentence: string) => void): Promise<void> {
  progress('names, e-mails, telephones and numbers of everybody')
  await transaction(rt, async ({ db }) => {
    await db`set local statement_timeout = 0`
    // Nothing of this is a fact of a decision: what lies ready for everybody stays as it is.
    await db`set local session_replication_role = replica`
    await db`set local maintenance_work_mem = '512MB'`
    // Loading is not what is measured: indexes are made once everything is there, as they stand in the schema.
    const indexes = await db<{ name: string; definition: string }[]>`
      select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
        from pg_index i
       where i.indrelid in ('know.customer'::regclass, 'know.holding'::regclass) and not i.indisunique`
    for (const { name } of indexes) await db.unsafe(`drop index ${name}`)
    await db`
      update know.customer c
         set given_name = (${GIVEN_NAMES as string[]}::text[])[1 + c.customer_id % ${GIVEN_NAMES.length}::int],
             family_name = (${FAMILY_NAMES as string[]}::text[])[1 + c.customer_id / ${GIVEN_NAMES.length}::int % ${FAMILY_NAMES.length}::int]
                           || case when c.customer_id % 3 = 0 then '-' || (${SECOND_NAMES as string[]}::text[])[1 + c.customer_id / 2550 % ${SECOND_NAMES.length}::int] else '' end,
             email = 'customer' || c.customer_id || '@example.org',
             phone = '+49 30 ' || 10000000 + c.customer_id`
    await db`update know.holding h set number = 'DE02' || lpad((h.holding_id * 7919)::text, 18, '0')`
    await db`
      insert into know.customer_key (source, external_id, customer_id)
      select 'core_customer', 'K' || c.customer_id, c.customer_id from know.customer c`
    for (const { definition } of indexes) await db.unsafe(definition)
  })
  await rt.db`vacuum analyze know.customer, know.holding, know.customer_key`
}
