import { personId } from '../../test/support/custody-fixture.js';
import { machines } from '../../test/support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { Transactor } from '../database/transactor.js';
import { FactCollectionService } from './fact-collection.service.js';
import { MoveDerivationService } from './move-derivation.service.js';
import { ProgrammeService } from './programme.service.js';

const DAY = 86_400_000;

/** People by number; every spec changes something about a few of them and collects. */
describe('FactCollectionService', () => {
  let database: TestDatabase;
  let collection: FactCollectionService;
  let desktops: number[];
  let laptops: number[];
  let programmeId: number;
  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  let clock = Date.now();
  const later = (days = 0): Date => new Date((clock += days * DAY + 1_000));

  beforeAll(async () => {
    database = await createTestDatabase();
    const { dataSource } = database;
    const derivation = new MoveDerivationService();
    const transactor = new Transactor(dataSource);
    collection = new FactCollectionService(transactor, derivation);
    await addPeople(1, 14);
    const users = Array.from({ length: 14 }, (_, index) => (index === 12 ? null : personId(index + 1)));
    desktops = await machines(dataSource, users, 'desktop', 'OptiPlex 7060');
    laptops = await machines(
      dataSource,
      Array.from({ length: 14 }, () => null),
      'laptop',
      'EliteBook 840 G8',
    );
    await rows(
      `insert into device_custody (device_id, recorded_for, state, substate, place)
       select id, id, 'in_stock', 'available', 'Stores' from unnest($1::integer[]) as id`,
      [laptops],
    );
    // Number 2 has two desktops, number 13 none and a laptop, numbers 4 and 5 share the desktop of number 4.
    await machines(dataSource, [personId(2)], 'desktop', 'ThinkCentre M720');
    await rows(
      `update device_custody set state = 'in_use', substate = null, holder_entra_id = $2, since = now() - interval '1 year'
       where device_id = $1`,
      [laptops[12], personId(13)],
    );
    await rows(
      `insert into device_record (source, external_id, device_id, resolution_pending, user_entra_id)
       values ('managed-devices', 'second-user', $1, false, $2)`,
      [desktops[3], personId(5)],
    );
    const programmes = new ProgrammeService(transactor, derivation);
    const plan = {
      name: 'Desktops to laptops',
      startsOn: '2026-03-02',
      targetOn: '2027-03-31',
      scope: {
        directorates: ['Places'],
        sites: [],
        exceptEmployeeTypes: ['Agency'],
        exceptTeams: [],
        includePeopleWithoutDesktop: true,
      },
    };
    const planned = await programmes.create(plan, 'system:schedule');
    programmeId = planned.id;
    await programmes.start(planned.id, planned.version, 'system:schedule');
    clock = Date.now() + 1_000;
    await collection.collect(later());
  });
  afterAll(() => database.drop());

  async function addPeople(from: number, to: number): Promise<void> {
    await rows(
      `insert into person (entra_id, user_principal_name, display_name, account_enabled, user_type, division, department,
         office_location, employee_id)
       select '00000000-0000-4000-8000-' || lpad(n::text, 12, '0'), 'person' || n || '@council.example', 'Person ' || n,
              true, 'Member', 'Places', 'Planning', 'Civic Centre', 'E' || n
       from generate_series($1::integer, $2::integer) as n`,
      [from, to],
    );
  }
  interface SeenMove {
    readonly id: number;
    readonly state: string;
    readonly scope_reason: string;
    readonly desktop_count: number;
    readonly laptop_id: number | null;
    readonly work_style: string | null;
    readonly doubts: readonly { kind: string }[];
  }
  const move = async (person: number): Promise<SeenMove> => {
    const [row] = await rows<SeenMove>('select * from move where person_entra_id = $1', [personId(person)]);
    if (!row) throw new Error(`Person ${person} has no move.`);
    return row;
  };
  const desktop = async (id: number | undefined): Promise<Record<string, unknown> | undefined> =>
    (await rows<Record<string, unknown>>('select * from rollout_desktop where device_id = $1', [id]))[0];
  /** A step of custody as commands write it. */
  async function step(
    deviceId: number | undefined,
    command: string,
    to: { state: string; substate?: string; holder?: number; reference?: string; corrects?: number },
    at: Date,
  ): Promise<number> {
    const holder = to.holder === undefined ? null : personId(to.holder);
    const [before] = await rows<{ state: string; holder_entra_id: string | null }>(
      'select state, holder_entra_id from device_custody where device_id = $1 and set_aside_at is null',
      [deviceId],
    );
    await rows(
      `insert into device_custody (device_id, recorded_for, state, substate, holder_entra_id, place, since)
       values ($1, $1, $2, $3, $4, 'Stores', $5)
       on conflict (device_id) where set_aside_at is null
       do update set state = excluded.state, substate = excluded.substate, holder_entra_id = excluded.holder_entra_id,
         since = excluded.since`,
      [deviceId, to.state, to.substate ?? null, holder, at],
    );
    const [event] = await rows<{ id: number }>(
      `insert into custody_event (device_id, command, from_state, to_state, holder_before, holder_after, reference,
         corrects_id, actor, at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, 'system:schedule', $9) returning id::integer`,
      [
        deviceId,
        command,
        before?.state ?? null,
        to.state,
        before?.holder_entra_id ?? null,
        holder,
        to.reference ?? null,
        to.corrects ?? null,
        at,
      ],
    );
    return event?.id ?? 0;
  }
  const handOver = (person: number, at: Date): Promise<number> =>
    step(laptops[person - 1], 'hand-over', { state: 'in_use', holder: person }, at);
  async function recoverAndWipe(deviceId: number | undefined): Promise<void> {
    await step(deviceId, 'take-back', { state: 'recovered' }, later());
    await step(deviceId, 'wipe', { state: 'wiped', reference: 'CERT-7' }, later());
  }

  it('freezes the baseline and finds nothing more to say', async () => {
    expect(await rows('select 1 from baseline_person')).toHaveLength(14);
    // Nobody can tell in which directorate the desktop is that nobody is known to use.
    expect(await rows('select 1 from baseline_desktop')).toHaveLength(14);
    const facts = await rows('select id, key from move_fact order by id');
    expect(await collection.collect(later())).toEqual({ facts: 0, changed: 0 });
    expect(await rows('select id, key from move_fact order by id')).toEqual(facts);
  });

  it('knows who is mobile already, who has two desktops, and who shares one', async () => {
    expect(await move(13)).toMatchObject({
      state: 'already_mobile',
      laptop_id: laptops[12],
      work_style: 'office_mobile',
    });
    expect(await move(2)).toMatchObject({ state: 'not_started', desktop_count: 2, work_style: 'office_mobile' });
    expect(await desktop(desktops[3])).toMatchObject({ user_count: 2 });
    expect(await move(4)).toMatchObject({ work_style: 'shared_desk' });
  });

  it('follows two desktops to the end, and closes with the last of them', async () => {
    const [second] = await rows<{ device_id: number }>(
      `select device_id from rollout_desktop where model = 'ThinkCentre M720'`,
    );
    await handOver(2, later());
    await recoverAndWipe(desktops[1]);
    await collection.collect(later());
    expect(await move(2)).toMatchObject({ state: 'handed_over', desktop_count: 2, laptop_id: laptops[1] });
    await recoverAndWipe(second?.device_id);
    await collection.collect(later());
    expect(await move(2)).toMatchObject({ state: 'closed' });
    expect(await desktop(desktops[1])).toMatchObject({ state: 'wiped', evidence: 'CERT-7' });
    expect(await collection.collect(later())).toEqual({ facts: 0, changed: 0 });
  });

  it('opens a move again when its recovered desktop is seen, but not on the day it came back', async () => {
    await rows('update device set last_seen_at = $2 where id = $1', [desktops[1], new Date(clock + 3_600_000)]);
    await collection.collect(later(0.5));
    expect(await move(2)).toMatchObject({ state: 'closed' });
    await rows('update device set last_seen_at = $2 where id = $1', [desktops[1], new Date(clock + 2 * DAY)]);
    await collection.collect(later(3));
    expect(await move(2)).toMatchObject({ state: 'desktop_recovered' });
    expect((await move(2)).doubts.map(({ kind }) => kind)).toContain('recovered-desktop-seen');
  });

  it('waits with a shared desktop for the last of a job share', async () => {
    await handOver(4, later());
    await rows(`update device_record set user_entra_id = $2 where device_id = $1`, [desktops[3], personId(5)]);
    await rows(`update device set user_entra_id = $2 where id = $1`, [desktops[3], personId(5)]);
    await collection.collect(later());
    expect(await desktop(desktops[3])).toMatchObject({ state: 'in_use', user_count: 1 });
    await handOver(5, later());
    await recoverAndWipe(desktops[3]);
    await recoverAndWipe(desktops[4]);
    await collection.collect(later());
    expect(await move(5)).toMatchObject({ state: 'closed' });
  });

  it('takes back what custody corrected', async () => {
    const event = await handOver(6, later());
    await collection.collect(later());
    expect(await move(6)).toMatchObject({ state: 'handed_over' });
    await step(laptops[5], 'correct', { state: 'in_stock', substate: 'available', corrects: event }, later());
    await collection.collect(later());
    expect(await move(6)).toMatchObject({ state: 'not_started', laptop_id: null });
    expect((await move(6)).doubts).toEqual([]);
    expect(await collection.collect(later())).toEqual({ facts: 0, changed: 0 });
  });

  it('says that a laptop came back', async () => {
    await handOver(7, later());
    await collection.collect(later());
    await step(laptops[6], 'take-back', { state: 'recovered' }, later());
    await collection.collect(later());
    expect(await move(7)).toMatchObject({ laptop_id: null, state: 'not_started' });
    expect((await move(7)).doubts.map(({ kind }) => kind)).toEqual(['laptop-gone']);
  });

  it('confirms a hand-over by the sight of its holder on the laptop, and doubts another', async () => {
    await handOver(8, later());
    await rows('update device set user_entra_id = $2, last_seen_at = $3 where id = $1', [
      laptops[7],
      personId(8),
      new Date(clock + DAY),
    ]);
    await collection.collect(later(2));
    await collection.collect(later(30));
    expect((await move(8)).doubts).toEqual([]);
    await rows('update device set user_entra_id = $2, last_seen_at = $3 where id = $1', [
      laptops[7],
      personId(9),
      new Date(clock),
    ]);
    await collection.collect(later());
    expect((await move(9)).doubts.map(({ kind }) => kind)).toEqual(['holder-and-user-differ']);
    await rows('update device set user_entra_id = $2 where id = $1', [laptops[7], personId(8)]);
    await collection.collect(later());
    expect((await move(9)).doubts).toEqual([]);
  });

  it('knows leavers in flight, and who comes back', async () => {
    await handOver(9, later());
    await collection.collect(later());
    await rows(`update person set account_enabled = false, changed_at = $2 where entra_id = $1`, [
      personId(9),
      later(),
    ]);
    await collection.collect(later());
    expect(await move(9)).toMatchObject({ state: 'left', scope_reason: 'leaver' });
    expect((await move(9)).doubts.map(({ kind }) => kind)).toContain('leaver-has-equipment');
    await rows(`update person set account_enabled = true where entra_id = $1`, [personId(9)]);
    await collection.collect(later());
    expect(await move(9)).toMatchObject({ scope_reason: 'rehire' });
    expect(await collection.collect(later())).toEqual({ facts: 0, changed: 0 });
    await rows(`update person set presence = 'missing', absent_since = $2 where entra_id = $1`, [
      personId(14),
      later(),
    ]);
    await collection.collect(later());
    expect(await move(14)).toMatchObject({ state: 'left' });
  });

  it('takes joiners in, and people who come back under another object id', async () => {
    await addPeople(20, 22);
    await rows(`update person set employee_type = 'Agency' where entra_id = $1`, [personId(22)]);
    await rows(`update person set employee_id = 'E14' where entra_id = $1`, [personId(21)]);
    await rows('update person set first_seen_at = $2 where entra_id = any($1)', [
      [personId(20), personId(21), personId(22)],
      later(),
    ]);
    const [fresh] = await machines(database.dataSource, [personId(20)], 'desktop', 'OptiPlex 7090');
    await collection.collect(later());
    expect(await move(20)).toMatchObject({ scope_reason: 'joiner', state: 'not_started', desktop_count: 1 });
    expect(await move(21)).toMatchObject({ scope_reason: 'rehire' });
    expect(await desktop(fresh)).toMatchObject({ baseline: false, scope_reason: 'joiner', state: 'in_use' });
    await expect(move(22)).rejects.toThrow('no move');
  });

  it('follows people out of the scope rule and back, with their desktops', async () => {
    await rows(`update person set division = 'Adults' where entra_id = $1`, [personId(10)]);
    await collection.collect(later());
    expect(await move(10)).toMatchObject({ state: 'out_of_scope', scope_reason: 'rule', directorate: 'Adults' });
    expect(await desktop(desktops[9])).toMatchObject({ state: 'out_of_scope', scope_reason: 'rule' });
    await rows(`update person set division = 'Places' where entra_id = $1`, [personId(10)]);
    await collection.collect(later());
    expect(await move(10)).toMatchObject({ state: 'not_started' });
    expect(await desktop(desktops[9])).toMatchObject({ state: 'in_use' });
    expect(await collection.collect(later())).toEqual({ facts: 0, changed: 0 });
  });

  it('says openly that a desktop was classified anew', async () => {
    const id = desktops[10];
    await rows(`update device set form_factor = 'laptop', form_factor_superclass = 'portable' where id = $1`, [id]);
    await collection.collect(later());
    expect(await desktop(id)).toMatchObject({ state: 'out_of_scope', scope_reason: 'reclassified' });
    await rows(`update device set form_factor = 'desktop', form_factor_superclass = 'fixed' where id = $1`, [id]);
    await collection.collect(later());
    expect(await desktop(id)).toMatchObject({ state: 'in_use', scope_reason: 'reclassified' });
    expect(await collection.collect(later())).toEqual({ facts: 0, changed: 0 });
  });

  it('lets facts follow a machine that turned out to be another', async () => {
    const [whole] = await machines(database.dataSource, [personId(12)], 'desktop', 'OptiPlex 7060');
    await rows('update device set merged_into_id = $2, user_entra_id = null where id = $1', [desktops[11], whole]);
    await collection.collect(later());
    expect(await desktop(desktops[11])).toMatchObject({ state: 'out_of_scope' });
    expect(await desktop(whole)).toMatchObject({ state: 'in_use', user_count: 1 });
    expect(await move(12)).toMatchObject({ desktop_count: 1 });
    expect(await collection.collect(later())).toEqual({ facts: 0, changed: 0 });
  });

  it.each([
    ['report-stolen', 'stolen', 'stolen'],
    ['write-off', 'written_off', 'written_off'],
  ])('counts %s apart from recovery', async (command, state, reason) => {
    const [id] = await machines(database.dataSource, [personId(1)], 'desktop', 'OptiPlex 3000');
    await collection.collect(later());
    await step(id, command, { state }, later());
    await collection.collect(later());
    expect(await desktop(id)).toMatchObject({ state: 'left_estate', scope_reason: reason });
  });

  it('knows desktops that every source lost, and that are back', async () => {
    const id = desktops[0];
    await rows(`update device set presence = 'gone' where id = $1`, [id]);
    await collection.collect(later());
    expect(await desktop(id)).toMatchObject({ state: 'left_estate', scope_reason: 'gone' });
    await rows(`update device set presence = 'present' where id = $1`, [id]);
    await collection.collect(later());
    expect(await desktop(id)).toMatchObject({ state: 'in_use' });
    expect(await collection.collect(later())).toEqual({ facts: 0, changed: 0 });
  });

  it('proposes work styles by the programme’s own rules first', async () => {
    await rows(
      `insert into rollout_settings (programme_id, version, settings, reason, actor)
       select programme_id, 2, settings || $2::jsonb, 'Front line', 'system:schedule' from rollout_settings where programme_id = $1`,
      [
        programmeId,
        JSON.stringify({ workStyleRules: [{ field: 'jobTitle', contains: 'warden', workStyle: 'field' }] }),
      ],
    );
    await rows(`update person set job_title = 'Street Warden' where entra_id = $1`, [personId(1)]);
    await rows(`update person set office_location = 'Home-based' where entra_id = $1`, [personId(3)]);
    await collection.collect(later());
    expect(await move(1)).toMatchObject({ work_style: 'field' });
    await collection.collect(later());
    expect(await move(3)).toMatchObject({ work_style: 'home' });
  });

  it('says the same of two collections at the same moment', async () => {
    await handOver(11, later());
    const now = later();
    const outcomes = await Promise.all([collection.collect(now), collection.collect(now)]);
    expect(outcomes.map((outcome) => outcome?.changed).sort()).toEqual([0, 1]);
  });

  it('needs no more than its journal: derived anew, every move and desktop is what it is', async () => {
    const all = "select to_jsonb(move) - 'derived_at' - 'version' as row from move order by id";
    const before = await rows(all);
    await database.dataSource.transaction((tx) => new MoveDerivationService().derive(tx, programmeId, 'all', later()));
    expect(await rows(all)).toEqual(before);
  });
});
