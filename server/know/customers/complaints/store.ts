import type { Db } from '#platform/postgres'

export interface OpenComplaint {
  customerId: number
  fullName: string | null
  givenName: string | null
  familyName: string | null
  standingId: string
  receivedOn: string
  reason: string
  branchCode: string | null
  teamCode: string | null
  portfolioCode: string | null
}

/** Complaints that are open on the date, the oldest first. */
export const openComplaints = (db: Db, on: string, complaintsMax: number) => db<OpenComplaint[]>`
  select s.customer_id as "customerId", c.full_name as "fullName", c.given_name as "givenName",
         c.family_name as "familyName",
         s.standing_id as "standingId", s.from_on as "receivedOn", s.reason,
         c.branch_code as "branchCode", c.team_code as "teamCode", c.portfolio_code as "portfolioCode"
    from know.standing s
    join know.customer c on c.customer_id = s.customer_id
   where s.standing = 'complaint_open' and s.from_on <= ${on}::date and (s.to_on is null or s.to_on > ${on}::date)
   order by s.from_on, s.customer_id, s.standing_id
   limit ${complaintsMax}`
