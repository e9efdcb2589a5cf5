import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';

describe('the guards of stock, requests and decisions', () => {
  let database: TestDatabase;
  let dataSource: TestDatabase['dataSource'];
  beforeAll(async () => {
    database = await createTestDatabase();
    ({ dataSource } = database);
  });
  afterAll(() => database.drop());
  const query = (sql: string, values: unknown[] = []) => dataSource.query(sql, values);
  it('refuse what would give one thing twice or decide for oneself', async () => {
    await query(
      `insert into product (name, kind, serialised, price_pence, changed_by) values ('Bag','bag',false,1000,'x'),('Laptop','laptop',true,90000,'x')`,
    );
    await query(`insert into product_model values ('dell latitude 5450', 2)`);
    await query(`insert into stock_place (name, changed_by) values ('Stores','x')`);
    await query(
      `insert into stock_movement (product_id, place_id, kind, quantity, actor) values (1,1,'received',5,'x')`,
    );
    await expect(
      query(`insert into stock_movement (product_id, place_id, kind, quantity, actor) values (1,1,'picked',-6,'x')`),
    ).rejects.toMatchObject({ constraint: 'stock_level_on_hand_check' });
    await expect(query(`update stock_level set on_hand = 9`)).rejects.toThrow();
    await query(`insert into device (serial_number, manufacturer, model) values ('S1','Dell','Latitude 5450')`);
    await query(
      `insert into device_custody (device_id, recorded_for, state, substate, place) values (1,1,'in_stock','available','Stores')`,
    );
    expect(await query('select * from stock_level order by 1')).toMatchObject([{ on_hand: 5 }, { on_hand: 1 }]);
    await query(`insert into equipment_request (requester_entra_id) values ('boss')`);
    await query(`insert into request_revision (request_id, revision, delivery, site) values (1,1,'site','Civic')`);
    await query(
      `insert into request_line (request_id, revision, beneficiary_entra_id, product_id, quantity, price_pence) values (1,1,'ann',2,1,90000)`,
    );
    await query(`update request_revision set submitted_at = now()`);
    await expect(query(`update request_line set quantity = 2`)).rejects.toThrow('does not change');
    await expect(query(`update request_revision set site = 'x'`)).rejects.toThrow('does not change');
    await query(`update equipment_request set state='submitted'`);
    await query(
      `insert into approval_step (request_id, revision, step, kind, queue) values (1,1,1,'line_manager','approvals'),(1,1,2,'it','it')`,
    );
    await query(`insert into linked_account values ('ann-admin','ann','x',now())`);
    const decide = (by: string, step = 1) =>
      query(
        `insert into decision (request_id, revision, step, outcome, decided_by) values (1,1,${step},'approved',$1)`,
        [by],
      );
    for (const who of ['boss', 'ann', 'ann-admin'])
      await expect(decide(who)).rejects.toMatchObject({ constraint: 'decision_not_for_oneself' });
    await expect(decide('cfo', 2)).rejects.toMatchObject({ constraint: 'decision_order' });
    await decide('cfo');
    await expect(decide('cfo')).rejects.toMatchObject({ constraint: 'decision_pkey' });
    await query(`update equipment_request set state='approved'`);
    await query(
      `insert into reservation (request_line_id, product_id, place_id, quantity, expires_at) values (1,2,1,1,now()+interval '1 day')`,
    );
    await query(`update request_line set state='reserved'`);
    await expect(
      query(`update device_custody set state='in_use', substate=null, holder_entra_id='bob'`),
    ).rejects.toMatchObject({ constraint: 'stock_level_reserved_check' });
    await query(`update reservation set picked = 1, state='picked', ended_at=now() where id = 1`);
    await query(
      `insert into pick (reservation_id, request_line_id, product_id, place_id, device_id, quantity, picked_by) values (1,1,2,1,1,1,'x')`,
    );
    await query(`update device_custody set state='allocated', substate=null, holder_entra_id='ann'`);
    expect(await query('select reserved, picked from request_line')).toEqual([{ reserved: 0, picked: 1 }]);
    expect(await query('select on_hand, reserved from stock_level where product_id=2')).toEqual([
      { on_hand: 0, reserved: 0 },
    ]);
    await query('delete from device_custody');
    await expect(query('delete from decision')).rejects.toThrow();
    await expect(query(`update equipment_request set state='draft', revision=2`)).rejects.toMatchObject({
      constraint: 'equipment_request_released',
    });
    await query(`update request_line set state='picking'`);
    await query(`update request_line set state='received'`);
    await expect(query(`update equipment_request set state='draft', revision=2`)).resolves.toBeDefined();
    await expect(query(`update equipment_request set state='closed', ended_at=now()`)).rejects.toMatchObject({
      constraint: 'equipment_request_transition',
    });
  });
});
