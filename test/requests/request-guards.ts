import { personId } from '../support/custody-fixture.js';
import { does, refuses, type GuardProof, type Stand, type Trial } from './guard-proofs.js';

/** Refusals without a name: restrict_violation. */
const BY_STATE = { by: '23001' };
const STRANGER = personId(9_001);

/** A delegation of the head to a stranger, by its columns. */
const delegation = (to: string, from: string, until: string): string =>
  `insert into approval_delegation (from_entra_id, to_entra_id, from_day, until_day, reason, created_by)
   select approver_entra_id, '${to}', current_date + ${from}, current_date + ${until}, 'Away', 'system:test'
   from approval_step where approver_entra_id is not null limit 1`;

/** The first step of what waits, decided in the head's name by somebody with a delegation that was given as `to`. */
const inTheNameOfTheHead = ({ waiting, equipment: { head } }: Stand, by: string): string =>
  `insert into decision (request_id, revision, step, outcome, decided_by, on_behalf_of, delegation_id)
   values (${waiting.id}, 1, 1, 'approved', '${by}', '${head}', (select max(id) from approval_delegation))`;

const decides = (
  guard: string,
  keeps: string,
  attempt: (trial: Trial, stand: Stand) => Promise<string | null>,
  backedBy: readonly string[] = [],
): GuardProof => ({ guard, keeps, backedBy, attempt: (trial) => attempt(trial, trial.stand) });

/** Requests, and decisions about them. */
export const REQUEST_GUARDS: readonly GuardProof[] = [
  refuses(
    'equipment_request_transition',
    'a request goes only where its state may go',
    ({ draft }) => `update equipment_request set state = 'approved' where id = ${draft.id}`,
  ),
  refuses(
    'equipment_request_state_check',
    'a request has a known state',
    () => `insert into equipment_request (requester_entra_id, state) values ('x', 'lost')`,
  ),
  refuses(
    'equipment_request_ended_check',
    'what is over says since when',
    ({ draft }) => `update equipment_request set state = 'cancelled' where id = ${draft.id}`,
  ),
  refuses(
    'equipment_request_revision_check',
    'revisions are counted from one',
    ({ draft }) => `update equipment_request set revision = 0 where id = ${draft.id}`,
  ),
  refuses(
    'request_revision_pkey',
    'a revision is there once',
    ({ draft }) => `insert into request_revision (request_id, revision, delivery) values (${draft.id}, 1, 'home')`,
  ),
  refuses(
    'request_revision_site_check',
    'what is submitted says where it goes',
    ({ draft }) => `update request_revision set site = null, submitted_at = now() where request_id = ${draft.id}`,
  ),
  refuses(
    'request_revision_delivery_check',
    'what is delivered goes to a site or home',
    ({ draft }) => `update request_revision set delivery = 'moon' where request_id = ${draft.id}`,
  ),
  refuses(
    'request_revision_frozen',
    'what is decided about does not change',
    ({ waiting }) => `update request_revision set cost_centre_code = null where request_id = ${waiting.id}`,
  ),
  refuses(
    'request_line_frozen',
    'what is decided about does not grow',
    ({ waiting }) => `update request_line set quantity = 2 where request_id = ${waiting.id}`,
  ),
  refuses(
    'request_line_transition',
    'a line goes only where its state may go',
    ({ draft }) => `update request_line set state = 'received' where request_id = ${draft.id}`,
  ),
  refuses(
    'request_line_state_check',
    'a line has a known state',
    ({ draft }) =>
      `insert into request_line (request_id, revision, beneficiary_entra_id, product_id, quantity, price_pence, state)
            select request_id, revision, beneficiary_entra_id, product_id, 1, 0, 'lost' from request_line where request_id = ${draft.id}`,
  ),
  refuses(
    'request_line_quantity_check',
    'a line asks for something',
    ({ draft }) => `update request_line set quantity = 0 where request_id = ${draft.id}`,
  ),
  refuses(
    'reservation_approved',
    'stock is promised to approved requests only',
    ({ waiting, equipment: { places } }) =>
      `insert into reservation (request_line_id, product_id, place_id, quantity, expires_at)
       select id, product_id, ${places.stores}, 1, now() from request_line where id = ${waiting.lines[0]}`,
  ),
  refuses(
    'reservation_approved',
    'what was promised to a request that is over is not promised again',
    ({ approved, reservations }) =>
      `update reservation set state = 'released', ended_at = now() where request_line_id in (${approved.lines.join(', ')});
       update request_line set state = 'superseded' where request_id = ${approved.id};
       update equipment_request set state = 'cancelled', ended_at = now() where id = ${approved.id};
       update reservation set state = 'active', ended_at = null where id = ${reservations.headsets}`,
    { backedBy: ['request_line_released_check'] },
  ),
  refuses(
    'equipment_request_released',
    'a request that is over holds no promise',
    ({ approved }) => `update equipment_request set state = 'cancelled', ended_at = now() where id = ${approved.id}`,
  ),
  refuses(
    'equipment_request_released',
    'a revision that was changed holds no promise',
    ({ approved }) => `update equipment_request set state = 'draft', revision = 2 where id = ${approved.id}`,
  ),
  refuses(
    'request_line_promised_check',
    'a line is not promised more than was approved',
    ({ reservations }) => `update reservation set quantity = 2 where id = ${reservations.laptop}`,
  ),
  refuses(
    'request_line_waiting_check',
    'what waits for stock has a place in the order',
    ({ approved }) => `update request_line set state = 'back_ordered' where id = ${approved.lines[0]}`,
  ),
  refuses(
    'request_line_released_check',
    'what is cancelled keeps nothing',
    ({ approved }) => `update request_line set state = 'superseded' where id = ${approved.lines[0]}`,
  ),

  refuses('approval_step_pkey', 'a step is asked once', () => 'insert into approval_step select * from approval_step'),
  refuses(
    'approval_step_queue_check',
    'a step is a person’s or a queue’s',
    ({ waiting }) => `update approval_step set approver_entra_id = null where request_id = ${waiting.id} and step = 1`,
  ),
  refuses(
    'approval_step_number_check',
    'steps are counted from one',
    ({ waiting }) =>
      `insert into approval_step (request_id, revision, step, kind, queue) values (${waiting.id}, 1, 0, 'it', 'it')`,
  ),
  refuses(
    'approval_step_kind_check',
    'a step is of a known kind',
    ({ waiting }) =>
      `insert into approval_step (request_id, revision, step, kind, queue) values (${waiting.id}, 1, 3, 'friend', 'it')`,
  ),
  decides('decision_pkey', 'a step is decided once', async (trial, { waiting, equipment: { head } }) => {
    await trial.decide(waiting, head);
    return trial.decide(waiting, head);
  }),
  decides('decision_step_fkey', 'only what was asked is decided', (trial, { waiting }) =>
    trial.refusalOf(async () => {
      // The steps before it are approved, so that the order has nothing against it.
      await trial.decide(waiting, trial.stand.equipment.head, 1);
      await trial.decide(waiting, STRANGER, 2);
      await trial.sql.query(
        `insert into decision (request_id, revision, step, outcome, decided_by) values (${waiting.id}, 1, 7, 'approved', '${STRANGER}')`,
      );
    }),
  ),
  refuses(
    'decision_outcome_check',
    'a decision is yes, no, or back',
    ({ waiting, equipment: { head } }) =>
      `insert into decision (request_id, revision, step, outcome, reason, decided_by) values (${waiting.id}, 1, 1, 'perhaps', 'x', '${head}')`,
  ),
  refuses(
    'decision_reason_check',
    'a no says why',
    ({ waiting, equipment: { head } }) =>
      `insert into decision (request_id, revision, step, outcome, decided_by) values (${waiting.id}, 1, 1, 'rejected', '${head}')`,
  ),
  decides('decision_delegation_check', 'nobody decides in another’s name without a delegation', (trial, stand) =>
    trial.refusal(
      `insert into decision (request_id, revision, step, outcome, decided_by, on_behalf_of)
       values (${stand.waiting.id}, 1, 1, 'approved', '${STRANGER}', '${stand.equipment.head}')`,
    ),
  ),
  decides('decision_delegation_fkey', 'a delegation that decided is not removed', async (trial, stand) => {
    await trial.sql.query(delegation(STRANGER, '0', '1'));
    await trial.sql.query(inTheNameOfTheHead(stand, STRANGER));
    return trial.refusal('delete from approval_delegation');
  }),
  refuses(
    'decision_append_only',
    'a decision is never rewritten',
    () => `update decision set outcome = 'rejected'`,
    BY_STATE,
  ),
  decides('decision_guard', 'a decision is looked at at all', async (trial, { waiting, equipment: { manager } }) =>
    (await trial.decide(waiting, manager)) === null ? null : 'decision_guard',
  ),
  decides('decision_waiting', 'only what waits is decided', (trial, { approved }) =>
    trial.refusal(
      `insert into approval_step (request_id, revision, step, kind, queue) values (${approved.id}, 1, 2, 'it', 'it');
       insert into decision (request_id, revision, step, outcome, decided_by) values (${approved.id}, 1, 2, 'approved', '${STRANGER}')`,
    ),
  ),
  decides('decision_right', 'whoever was not asked does not decide', (trial, { waiting }) =>
    trial.decide(waiting, STRANGER),
  ),
  decides('decision_order', 'the first decides first', (trial, { waiting }) => trial.decide(waiting, STRANGER, 2)),
  decides('decision_delegated', 'a delegation that is over gives no right', async (trial, stand) => {
    await trial.sql.query(delegation(STRANGER, '-9', '-2'));
    return trial.refusal(inTheNameOfTheHead(stand, STRANGER));
  }),
  decides('decision_delegated', 'a delegation that was ended gives no right', async (trial, stand) => {
    await trial.sql.query(delegation(STRANGER, '0', '2'));
    await trial.sql.query('update approval_delegation set ended_at = now()');
    return trial.refusal(inTheNameOfTheHead(stand, STRANGER));
  }),
  decides('decision_delegated', 'a delegation to somebody else gives no right', async (trial, stand) => {
    await trial.sql.query(delegation(personId(9_002), '0', '2'));
    return trial.refusal(inTheNameOfTheHead(stand, STRANGER));
  }),
  decides('decision_not_for_oneself', 'who asks does not decide', async (trial, { waiting, equipment }) => {
    await trial.sql.query(`update approval_step set approver_entra_id = $1 where approver_entra_id is not null`, [
      equipment.manager,
    ]);
    return trial.decide(waiting, equipment.manager);
  }),
  decides(
    'decision_not_for_oneself',
    'who gets it does not decide, by giving themselves the role',
    async (trial, stand) => {
      const { waiting, equipment } = stand;
      await trial.decide(waiting, equipment.head);
      return trial.decide(waiting, equipment.team[0] ?? '', 2);
    },
  ),
  decides('decision_not_for_oneself', 'who gets it does not decide by delegation', async (trial, stand) => {
    const beneficiary = stand.equipment.team[0] ?? '';
    await trial.sql.query(delegation(beneficiary, '0', '2'));
    return trial.refusal(inTheNameOfTheHead(stand, beneficiary));
  }),
  decides('decision_not_for_oneself', 'who asks does not have it decided in their name', async (trial, stand) => {
    const { waiting, equipment } = stand;
    await trial.sql.query(
      `update approval_step set approver_entra_id = '${equipment.manager}' where request_id = ${waiting.id} and step = 1`,
    );
    await trial.sql.query(delegation(STRANGER, '0', '2'));
    return trial.refusal(
      inTheNameOfTheHead({ ...stand, equipment: { ...equipment, head: equipment.manager } }, STRANGER),
    );
  }),
  decides('decision_not_for_oneself', 'a second account of who asks does not decide', async (trial, stand) => {
    const { waiting, equipment } = stand;
    await trial.sql.query(`insert into linked_account values ('${STRANGER}', '${equipment.manager}', 'system:test')`);
    await trial.decide(waiting, equipment.head);
    return trial.decide(waiting, STRANGER, 2);
  }),
  decides(
    'decision_not_for_oneself',
    'the person behind an account that gets it does not decide',
    async (trial, stand) => {
      const { waiting, equipment } = stand;
      await trial.sql.query(`insert into linked_account values ('${equipment.team[0]}', '${STRANGER}', 'system:test')`);
      await trial.decide(waiting, equipment.head);
      return trial.decide(waiting, STRANGER, 2);
    },
  ),
  decides('linked_account_pkey', 'an account is one person’s', async (trial) => {
    await trial.sql.query(`insert into linked_account values ('a', 'b', 'system:test')`);
    return trial.refusal(`insert into linked_account values ('a', 'c', 'system:test')`);
  }),
  refuses(
    'linked_account_other_check',
    'an account is not linked to itself',
    () => `insert into linked_account values ('a', 'a', 'system:test')`,
  ),
  decides('linked_account_chain', 'a second account leads to the person at once, and not by a third', async (trial) => {
    await trial.sql.query(`insert into linked_account values ('a', 'b', 'system:test')`);
    return trial.refusal(`insert into linked_account values ('b', 'c', 'system:test')`);
  }),
  refuses('approval_delegation_other_check', 'nobody stands in for themselves', ({ equipment: { head } }) =>
    delegation(head, '0', '1'),
  ),
  refuses('approval_delegation_days_check', 'a delegation ends', () => delegation(STRANGER, '0', '93')),
  refuses(
    'request_event_append_only',
    'history is never rewritten',
    ({ draft }) =>
      `insert into request_event (request_id, revision, event, actor) values (${draft.id}, 1, 'begun', 'x');
            delete from request_event`,
    BY_STATE,
  ),
  does(
    'reservation_count',
    'what is promised is the sum of promises',
    ({ reservations }) => `update reservation set quantity = 2 where id = ${reservations.headsets}`,
    ({ equipment: { products } }) =>
      `select bool_and(reserved = 2) as done from stock_level where product_id = ${products.headset}`,
  ),
];
