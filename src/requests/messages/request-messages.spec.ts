import { Transactor } from '../../database/transactor.js';
import { MessageTemplates, type MessageContent, type StoppedMessage } from '../../notifications/message-templates.js';
import { routedRequest } from '../../../test/support/decision-fixture.js';
import { requestActor, stockEquipment, type AskedLine, type Equipment } from '../../../test/support/request-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { DecisionsService } from '../decisions/decisions.service.js';
import { HandoverService } from '../fulfilment/handover.service.js';
import { PickingService } from '../fulfilment/picking.service.js';
import { ReservationSweep } from '../fulfilment/reservation-sweep.service.js';
import { LowStockService } from './low-stock.service.js';
import { RequestMessageFactsQueries } from './message-facts.queries.js';
import { RequestTemplates } from './request-templates.service.js';

interface Told {
  readonly template: string;
  readonly recipient: string;
  readonly reference: Readonly<Record<string, number | string | null>>;
}

describe('messages about requests', () => {
  let database: TestDatabase;
  let equipment: Equipment;
  let decisions: DecisionsService;
  const templates = new MessageTemplates();
  beforeEach(async () => {
    database = await createTestDatabase();
    equipment = await stockEquipment(database.dataSource, { laptops: 1 });
    decisions = new DecisionsService(new Transactor(database.dataSource));
    new RequestTemplates(templates, new RequestMessageFactsQueries(database.dataSource)).onModuleInit();
  });
  afterEach(() => database.drop());

  const sql = <Row>(statement: string, values: unknown[] = []): Promise<Row[]> =>
    database.dataSource.query<Row[]>(statement, values);
  const submitted = (lines: readonly AskedLine[]): Promise<number> =>
    routedRequest(database.dataSource, equipment.manager, lines, {});
  const decide = (requestId: number, step: number, who: string, outcome: 'approved' | 'rejected' = 'approved') =>
    decisions.decide(
      { requestId, revision: 1, step, outcome, reason: 'Call 555 about Person 4', idempotencyKey: null },
      requestActor(who, []),
    );
  const told = (): Promise<Told[]> =>
    sql<Told>('select template, recipient_entra_id as recipient, reference from message order by id');
  const compose = async (template: string): Promise<MessageContent | StoppedMessage> => {
    const message = (await told()).findLast((each) => each.template === template);
    if (!message) throw new Error(`Nobody was told ${template}.`);
    const found = templates.named(template);
    if (!found) throw new Error(`There is no template ${template}.`);
    return found.compose({ recipientEntraId: message.recipient, reference: message.reference }, new Date());
  };

  it('go to who decides, step by step, and stop for a step that was decided', async () => {
    const { head, budgetHolder, manager, team, products } = equipment;
    const id = await submitted([{ for: team[0] ?? '', product: products.dock }]);
    expect(await told()).toMatchObject([{ template: 'decision-wanted', recipient: head }]);
    await expect(compose('decision-wanted')).resolves.toMatchObject({
      subject: `Request ${id} waits for your decision`,
      link: { path: `/approvals/${id}` },
    });
    await decide(id, 1, head);
    expect((await told()).map(({ template, recipient }) => [template, recipient])).toEqual([
      ['decision-wanted', head],
      ['decision-wanted', budgetHolder],
    ]);
    const [first] = await told();
    const stopped = await templates
      .named('decision-wanted')
      ?.compose({ recipientEntraId: head, reference: first?.reference ?? {} }, new Date());
    expect(stopped).toEqual({ stop: 'decided' });
    await decide(id, 2, budgetHolder);
    expect((await told()).at(-1)).toMatchObject({ template: 'request-approved', recipient: manager });
    await expect(compose('request-approved')).resolves.toMatchObject({
      paragraphs: [expect.stringContaining('1 item for 1 person'), expect.stringContaining('kept for it')],
    });
  });

  it('reach who stands in for somebody, and never who has a part in the request', async () => {
    const { head, team, products } = equipment;
    const [given, other] = team;
    await sql(
      `insert into approval_delegation (from_entra_id, to_entra_id, from_day, until_day, reason, created_by)
       select $1, to_id, (now() at time zone 'Europe/London')::date, (now() at time zone 'Europe/London')::date + 7, 'Leave', 'system:test'
       from unnest($2::text[]) as to_id`,
      [head, [given, other]],
    );
    await submitted([{ for: given ?? '', product: products.dock }]);
    expect((await told()).map(({ recipient }) => recipient).sort()).toEqual([head, other].sort());
  });

  it('say of a refusal that its reason is on the page, and repeat nothing that anybody wrote', async () => {
    const { head, team, products } = equipment;
    const id = await submitted([{ for: team[0] ?? '', product: products.dock }]);
    await decide(id, 1, head, 'rejected');
    const content = await compose('request-rejected');
    expect(JSON.stringify(content)).not.toContain('555');
    expect(content).toMatchObject({ link: { path: `/requests/${id}` } });
  });

  it('tell of waiting once for all lines, and of stock that has come to who waited', async () => {
    const { head, budgetHolder, manager, team, products } = equipment;
    const lines = team.slice(0, 3).map((person) => ({ for: person, product: products.laptop }));
    const id = await submitted(lines);
    await decide(id, 1, head);
    await decide(id, 2, budgetHolder);
    const about = (await told()).filter(({ template }) => template === 'request-waiting');
    expect(about).toMatchObject([{ recipient: manager, reference: { requestId: id } }]);
    expect((await told()).some(({ template }) => template === 'request-kept')).toBe(false);
    await expect(compose('request-approved')).resolves.toMatchObject({
      paragraphs: [expect.anything(), 'In stock and kept for it: 1 line. Waiting for stock: 2 lines.'],
    });
    await sql(
      `update request_line set state = 'cancelled', cancelled = quantity, waiting_since = null where waiting_since is not null`,
    );
    await expect(compose('request-waiting')).resolves.toEqual({ stop: 'nothing-waits' });
  });

  it('tell once of a promise that waits again because its machine is missing', async () => {
    const { head, budgetHolder, manager, team, products } = equipment;
    const id = await submitted([{ for: team[0] ?? '', product: products.laptop }]);
    await decide(id, 1, head);
    await decide(id, 2, budgetHolder);
    const waiting = async (): Promise<readonly Told[]> =>
      (await told()).filter(({ template }) => template === 'request-waiting');
    const sweep = new ReservationSweep(database.dataSource, new Transactor(database.dataSource));
    await sweep.tell();
    expect(await waiting()).toEqual([]);
    await sql(`update device_custody set state = 'missing', substate = null, holder_entra_id = null, place = null
               where state = 'in_stock'`);
    expect(await sql('select event, actor from request_event order by id desc limit 1')).toEqual([
      { event: 'back-ordered', actor: 'system:custody' },
    ]);
    for (let time = 0; time < 3; time++) await sweep.tell();
    expect(await waiting()).toMatchObject([{ recipient: manager, reference: { requestId: id } }]);
    // Nobody hears of what was noted long ago.
    await sql('delete from message');
    await sweep.tell(new Date(Date.now() + 3 * 86_400_000));
    expect(await waiting()).toEqual([]);
  });

  it('are shown with a request only as far as it has what they tell', async () => {
    const { team, products } = equipment;
    const id = await submitted([{ for: team[0] ?? '', product: products.dock }]);
    const messages = new RequestTemplates(new MessageTemplates(), new RequestMessageFactsQueries(database.dataSource));
    expect(await messages.preview('confirm-receipt', id, null)).toMatchObject({ content: null, stop: 'confirmed' });
    expect(await messages.preview('request-submitted', id, null)).toMatchObject({
      requestId: id,
      content: { subject: `Request ${id}: submitted` },
      stop: null,
    });
    expect(await messages.preview('request-submitted', 2_000_000, null)).toBeNull();
  });

  it('reach who gets something when it is ready, and ask them to confirm it, gathered', async () => {
    const { head, budgetHolder, team, products, places } = equipment;
    const [person = ''] = team;
    const id = await submitted([
      { for: person, product: products.dock },
      { for: person, product: products.headset },
    ]);
    await decide(id, 1, head);
    await decide(id, 2, budgetHolder);
    const holder = requestActor(team[3] ?? '', ['stock-holder']);
    const picking = new PickingService(new Transactor(database.dataSource));
    const handover = new HandoverService(new Transactor(database.dataSource));
    const reservations = await sql<{ id: number; line: number; product: number }>(
      'select id, request_line_id as line, product_id as product from reservation order by id',
    );
    const picks: number[] = [];
    for (const { id: reservationId } of reservations) {
      const { pickId } = await picking.pick({ reservationId, serial: null, quantity: 1, idempotencyKey: null }, holder);
      picks.push(pickId);
    }
    const ready = (await told()).filter(({ template }) => template === 'request-ready');
    expect(new Set(ready.map(({ recipient }) => recipient))).toEqual(new Set([person]));
    // Both, unless the clock has just begun the next five minutes between them.
    expect(ready.length).toBeLessThanOrEqual(2);
    await expect(compose('request-ready')).resolves.toMatchObject({
      paragraphs: ['Ready for you at Stores: USB-C dock, Headset.', expect.anything()],
    });
    for (const pickId of picks) await handover.handOver({ pickId, version: null, idempotencyKey: null }, holder);
    await expect(compose('request-ready')).resolves.toEqual({ stop: 'not-ready' });
    await expect(compose('confirm-receipt')).resolves.toMatchObject({
      subject: `Request ${id}: do you have it?`,
      link: { path: '/requests/to-confirm' },
    });
    await sql(`update product set kind = 'assistive_technology'`);
    const content = await compose('confirm-receipt');
    expect(JSON.stringify(content)).toContain('2 × other equipment');
    expect(JSON.stringify(content)).not.toContain('Headset');
    expect(places.stores).toBeGreaterThan(0);
  });

  it('tell stock holders once a working day what is to be ordered, and nothing when enough is on order', async () => {
    const { products, places } = equipment;
    await sql(`insert into account (tenant_id, object_id, display_name, roles)
               values (gen_random_uuid(), gen_random_uuid(), 'Holder', '{stock-holder}'),
                      (gen_random_uuid(), gen_random_uuid(), 'Approver', '{approver}')`);
    const lowStock = new LowStockService(new Transactor(database.dataSource));
    const monday = new Date('2026-11-23T09:00:00Z');
    expect(await lowStock.plan(monday)).toBe(0);
    await sql('update stock_level set threshold = 25 where (product_id, place_id) = ($1, $2)', [
      products.dock,
      places.stores,
    ]);
    expect(await lowStock.plan(new Date('2026-11-22T09:00:00Z'))).toBe(0);
    expect(await lowStock.plan(new Date('2026-11-23T07:59:00Z'))).toBe(0);
    expect(await lowStock.plan(monday)).toBe(1);
    expect(await lowStock.plan(new Date('2026-11-23T12:00:00Z'))).toBe(0);
    await expect(compose('low-stock')).resolves.toMatchObject({
      paragraphs: [expect.anything(), 'USB-C dock, Stores: 15 too few.'],
    });
    await sql(
      `with ordered as (insert into purchase_order (number, supplier, ordered_on, changed_by)
         values ('PO-LOW', 'Supplier Ltd', '2026-11-20', 'system:test') returning id)
       insert into purchase_order_line (order_id, product_id, place_id, quantity, price_pence) select id, $1, $2, 15, 1000 from ordered`,
      [products.dock, places.stores],
    );
    await expect(compose('low-stock')).resolves.toEqual({ stop: 'enough-stock' });
  });
});
