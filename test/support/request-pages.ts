import type { DataSource } from 'typeorm';
import type { TestSession } from './sign-in.js';
import { storedId } from './stored-id.js';

/** Records that the pages of asking are opened for. */
export interface RequestPageRecords {
  /** Waits for its first decision. */
  readonly request: number;
  /** Was returned, changed and submitted again: two versions, two decisions, and one more to come. */
  readonly changedRequest: number;
  /** With something missing. */
  readonly requestDraft: number;
  /** Was returned, and is being changed. */
  readonly nextVersion: number;
  /** Whom the draft is for. */
  readonly requestPerson: number;
}

type Address = (records: RequestPageRecords) => string;

/** The pages of asking, with the addresses at which they are looked at. */
export const REQUEST_PAGES: Readonly<Record<string, readonly Address[]>> = {
  '/requests': [() => '/requests', () => '/requests?state=submitted&person=nobody'],
  '/requests/mine': [
    () => '/requests/mine',
    () => '/requests/mine?whose=for-me',
    () => '/requests/mine?whose=team&state=submitted',
  ],
  '/requests/new': [() => '/requests/new', () => '/requests/new?who=all&name=nobody'],
  '/requests/:id': [
    ({ changedRequest }) => `/requests/${changedRequest}`,
    ({ request }) => `/requests/${request}`,
    () => '/requests/2000000',
  ],
  '/requests/:id/choose': [
    ({ requestDraft }) => `/requests/${requestDraft}/choose`,
    ({ requestDraft }) => `/requests/${requestDraft}/choose?name=nobody`,
  ],
  '/requests/:id/check': [({ requestDraft }) => `/requests/${requestDraft}/check`],
  '/requests/:id/people/:personId': [
    ({ requestDraft, requestPerson }) => `/requests/${requestDraft}/people/${requestPerson}`,
  ],
  '/requests/:id/reopen': [({ request }) => `/requests/${request}/reopen`],
  '/requests/:id/cancel': [
    ({ request }) => `/requests/${request}/cancel`,
    ({ nextVersion }) => `/requests/${nextVersion}/cancel`,
  ],
};

const LAPTOP_AND_READER = 2;

/** A catalogue, and requests of the manager for the member of their staff. */
export async function insertRequests(
  dataSource: DataSource,
  people: Readonly<Record<'administrator' | 'manager' | 'staff', TestSession>>,
): Promise<RequestPageRecords> {
  const { administrator, manager, staff } = people;
  const run = (statement: string, parameters: unknown[] = []): Promise<unknown> =>
    dataSource.query(statement, parameters);
  const id = storedId(dataSource);
  const laptop = await id(
    `insert into product (name, kind, serialised, price_pence, replaces_kind, reason_needed, changed_by) values
       ('Standard laptop', 'laptop', true, 89900, true, false, 'system:test'),
       ('Screen reader', 'assistive_technology', false, 65000, false, true, 'system:test') returning id`,
  );
  const products = Array.from({ length: LAPTOP_AND_READER }, (_, place) => laptop + place);
  await run(
    `insert into product_alternative (product_id, alternative_id, note) values ($1, $2, 'Reads aloud')`,
    products,
  );
  const bundle = await id(
    `with bundle as (insert into bundle (name, work_style, changed_by) values ('Office', 'office_mobile', 'system:test') returning id)
     insert into bundle_line select id, $1, 1 from bundle returning bundle_id as id`,
    [laptop],
  );
  const happened = (request: number, revision: number, event: string, { entraId }: TestSession): Promise<unknown> =>
    run('insert into request_event (request_id, revision, event, actor) values ($1, $2, $3, $4)', [
      request,
      revision,
      event,
      `person:${entraId}`,
    ]);
  const write = async (request: number, revision: number, site: string, reason: string | null): Promise<void> => {
    await run(
      `insert into request_revision (request_id, revision, needed_by, delivery, site, reason)
       values ($1, $2, current_date + 20, 'site', $3, 'New starters')`,
      [request, revision, site],
    );
    await run(
      `insert into request_line (request_id, revision, beneficiary_entra_id, product_id, bundle_id, quantity, price_pence, exception_reason)
       select $1, $2, $3, id, case when kind = 'laptop' then $4::integer end, 2, price_pence, $5
       from product where id = any($6::integer[])`,
      [request, revision, staff.entraId, bundle, reason, products],
    );
  };
  const draft = async (): Promise<number> => {
    const request = await id('insert into equipment_request (requester_entra_id) values ($1) returning id', [
      manager.entraId,
    ]);
    await write(request, 1, 'Library', null);
    await happened(request, 1, 'begun', manager);
    return request;
  };
  const submit = async (request: number, revision: number): Promise<void> => {
    await run(
      'update request_revision set submitted_at = now(), total_pence = 309800 where (request_id, revision) = ($1, $2)',
      [request, revision],
    );
    await run(`update equipment_request set state = 'submitted' where id = $1`, [request]);
    await happened(request, revision, 'submitted', manager);
    await run(
      `insert into approval_step (request_id, revision, step, kind, queue, queue_reason, opened_at, due_at) values
         ($1, $2, 1, 'line_manager', 'approvals', 'missing', now(), now() + interval '3 days'),
         ($1, $2, 2, 'it', 'it', null, null, null)`,
      [request, revision],
    );
  };
  const decide = async (request: number, revision: number, outcome: 'approved' | 'returned'): Promise<void> => {
    await run(
      `insert into decision (request_id, revision, step, outcome, reason, decided_by)
       values ($1, $2, 1, $3, case when $3 = 'returned' then 'Say why each of them needs two' end, $4)`,
      [request, revision, outcome, administrator.entraId],
    );
    await happened(request, revision, outcome === 'approved' ? 'step-approved' : 'returned', administrator);
  };
  const reopened = async (): Promise<number> => {
    const request = await draft();
    await submit(request, 1);
    await decide(request, 1, 'returned');
    await run(`update equipment_request set state = 'returned' where id = $1`, [request]);
    await run(`update request_line set state = 'superseded' where request_id = $1`, [request]);
    await run(`update equipment_request set state = 'draft', revision = 2 where id = $1`, [request]);
    await write(request, 2, 'Civic Centre', 'Works at two sites');
    await happened(request, 2, 'edited', manager);
    return request;
  };

  const request = await draft();
  await submit(request, 1);
  const requestDraft = await draft();
  const changedRequest = await reopened();
  await submit(changedRequest, 2);
  await decide(changedRequest, 2, 'approved');
  return { request, changedRequest, requestDraft, nextVersion: await reopened(), requestPerson: staff.personId ?? 0 };
}
