import type { DataSource } from 'typeorm';
import type { TestSession } from './sign-in.js';

/** Records that pages of approvals show. */
export interface ApprovalPageRecords {
  /** A request that the queue decides, after its first step. */
  readonly approval: number;
}

type Address = (records: ApprovalPageRecords & { readonly request: number }) => string;

/** Pages of approvals by their routes, as `PAGES` has them. */
export const APPROVAL_PAGES: Readonly<Record<string, readonly Address[]>> = {
  '/approvals': [() => '/approvals', () => '/approvals?limit=1'],
  '/approvals/:id': [
    ({ approval }) => `/approvals/${approval}`,
    ({ request }) => `/approvals/${request}`,
    () => '/approvals/2000000',
  ],
  '/approvals/delegations': [() => '/approvals/delegations'],
  '/approvals/linked-accounts': [() => '/approvals/linked-accounts'],
};

/**
 * A request with everything that can be told about one: an exception, a private reason, a machine that is given back, a
 * budget, a decision before, and nobody who decided in time. Besides, delegations and accounts of one person.
 * @param people.manager asks, and `staff` and somebody with a laptop get something; the cost centre has a budget
 */
export async function insertApprovals(
  dataSource: DataSource,
  people: Readonly<Record<'manager' | 'staff' | 'approver' | 'administrator', TestSession>>,
  costCentre: string,
): Promise<ApprovalPageRecords> {
  const { manager, staff, approver, administrator } = people;
  await dataSource.query(
    `update device set form_factor_superclass = 'portable' where id = (
       select min(id) from device where user_entra_id is not null and presence = 'present')`,
  );
  const [row] = await dataSource.query<{ id: number }[]>(
    `with request as (insert into equipment_request (requester_entra_id, state) values ($1, 'submitted') returning id),
     revision as (
       insert into request_revision (request_id, revision, needed_by, delivery, site, cost_centre_code, reason, total_pence)
       select id, 1, current_date + 20, 'site', 'Library', $3, 'Both start at the new site', 244800 from request returning request_id),
     holder as (
       select id, user_entra_id from device where user_entra_id is not null and form_factor_superclass = 'portable' order by id limit 1),
     asked as (
       select $2::text as entra_id, 'laptop' as kind, 'Works at two sites' as exception, null as private, null::integer as replaces
       union all select $2, 'assistive_technology', null, 'Cannot read small print', null
       union all select user_entra_id, 'laptop', null, null, id from holder)
     insert into request_line (request_id, revision, beneficiary_entra_id, product_id, quantity, price_pence, exception_reason,
       private_reason, replaces_device_id)
     select request_id, 1, asked.entra_id, product.id, 1, product.price_pence, asked.exception, asked.private, asked.replaces
     from revision, asked join lateral (select * from product where product.kind = asked.kind order by id limit 1) as product on true
     returning request_id as id`,
    [manager.entraId, staff.entraId, costCentre],
  );
  const approval = row?.id ?? 0;
  await dataSource.query('update request_revision set submitted_at = now() where request_id = $1', [approval]);
  await dataSource.query(
    `insert into approval_step (request_id, revision, step, kind, approver_entra_id, queue, queue_reason, opened_at, due_at)
     values ($1, 1, 1, 'line_manager', $2, null, null, now() - interval '9 days', now() - interval '6 days'),
            ($1, 1, 2, 'budget_holder', null, 'approvals', 'escalated', now() - interval '8 days', now() - interval '5 days')`,
    [approval, administrator.entraId],
  );
  await dataSource.query(
    `insert into decision (request_id, revision, step, outcome, reason, decided_by)
     values ($1, 1, 1, 'approved', 'Agreed with the site', $2)`,
    [approval, administrator.entraId],
  );
  await dataSource.query(
    `insert into approval_delegation (from_entra_id, to_entra_id, from_day, until_day, reason, created_by, ended_at)
     values ($1, $2, current_date - 30, current_date - 20, 'Training', 'person:' || $1, now() - interval '25 days'),
            ($1, $2, current_date, current_date + 9, 'Annual leave', 'person:' || $1, null),
            ($3, $1, current_date + 30, current_date + 40, 'Parental leave', 'person:' || $2, null)`,
    [approver.entraId, administrator.entraId, manager.entraId],
  );
  await dataSource.query(
    `update person set employee_id = 'E-7001' where id in (select id from person where presence = 'present' order by id limit 2)`,
  );
  await dataSource.query(
    `insert into linked_account (entra_id, person_entra_id, linked_by)
     select one.entra_id, other.entra_id, 'person:' || $1
     from (select entra_id from person where presence = 'present' order by id offset 4 limit 1) as one,
          (select entra_id from person where presence = 'present' order by id offset 5 limit 1) as other`,
    [administrator.entraId],
  );
  return { approval };
}
