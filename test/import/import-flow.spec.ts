import { ConflictError, InputError, NotFoundError } from '../../src/common/errors.js';
import type { ImportRow, ShownOutcome } from '../../src/devices/import/import.queries.js';
import { ACTOR, openRegister, type RegisterFixture } from './register-fixture.js';

const HEADER = 'Asset Tag,Serial No,Manufacturer,Purchase Date,Cost,Location,Assigned To\n';

describe('an import', () => {
  let fixture: RegisterFixture;
  beforeAll(async () => {
    fixture = await openRegister();
  });
  beforeEach(() => fixture.clear());
  afterAll(() => fixture.close());

  async function shown(id: number, outcome?: ShownOutcome): Promise<readonly ImportRow[]> {
    return (await fixture.imports.preview(id, { ...(outcome ? { outcome } : {}), limit: 1_000 })).rows;
  }

  it('shows new, changed, unchanged, conflicting and refused rows, and writes nothing until it is applied', async () => {
    const [machine, ...twins] = await fixture.addDevices([
      { serial: '5cg1234 abc', manufacturer: 'Hewlett-Packard' },
      { serial: 'TWIN99', manufacturer: 'Dell Inc.' },
      { serial: 'TWIN99', manufacturer: 'Dell' },
    ]);
    await fixture.bring(`${HEADER}T1,5CG1234ABC,HP,02/01/2026,"£1,234.50",Town Hall,\nT2,SER2,,,,,\n`);
    const before = await fixture.register();

    const dryRun = await fixture.stage(
      `${HEADER}T1,5CG1234ABC,HP,02/01/2026,"£1,234.50",Depot,\nT2,SER2,,,,,\nT3,TWIN99,Dell,,,,\nT4,SER4,,31/02/2026,-5,,\nT5,SER5,Dell,,,,\n`,
    );
    expect(dryRun).toMatchObject({
      state: 'checked',
      counts: { new: 1, changed: 1, unchanged: 1, conflict: 1, refused: 1 },
      ignoredColumns: [],
    });
    expect(await shown(dryRun.id, 'changed')).toMatchObject([
      {
        line: 2,
        deviceId: machine,
        changes: [{ field: 'location', label: 'Location', from: 'Town Hall', to: 'Depot' }],
      },
    ]);
    expect(await shown(dryRun.id, 'conflict')).toMatchObject([{ line: 4, candidateDeviceIds: twins }]);
    const [refused] = await shown(dryRun.id, 'refused');
    expect(refused?.problems).toEqual([
      {
        severity: 'refused',
        column: 'Purchase Date',
        message: 'There is no such day in the calendar.',
        fix: 'Write the date as 2026-01-31 or 31/01/2026.',
      },
      {
        severity: 'refused',
        column: 'Cost',
        message: 'The price is negative.',
        fix: 'Write the price in pounds, such as 1234.50 or £1,234.50.',
      },
    ]);
    expect(await fixture.register()).toEqual(before);

    expect(await fixture.imports.apply(dryRun.id, ACTOR)).toMatchObject({ state: 'applied', appliedBy: ACTOR });
    expect(await fixture.register()).toMatchObject([
      { asset_tag: 'T1', location: 'Depot', price_pence: 123_450, purchased_on: '2026-01-02', device_id: machine },
      { asset_tag: 'T2' },
      { asset_tag: 'T5', manufacturer: 'Dell', import_id: dryRun.id },
    ]);
  });

  it('leaves what a blank cell does not mention, and never touches what a synchronisation says', async () => {
    await fixture.addDevices([{ serial: 'SER1', manufacturer: 'Dell', name: 'PC-1' }]);
    const devices = await fixture.rows('select * from device order by id');
    await fixture.bring(`${HEADER}T1,SER1,Dell,2026-01-02,900,Depot,\n`);
    await fixture.bring(`${HEADER}T1,SER1,,,,Library,\n`);
    expect(await fixture.register()).toMatchObject([
      { asset_tag: 'T1', price_pence: 90_000, purchased_on: '2026-01-02', location: 'Library', manufacturer: 'Dell' },
    ]);
    expect(await fixture.rows('select * from device order by id')).toEqual(devices);
  });

  it('lets a person choose among several machines', async () => {
    const [first, second, other] = await fixture.addDevices([
      { serial: 'TWIN99', manufacturer: 'Dell' },
      { serial: 'TWIN99', manufacturer: 'Dell' },
      { serial: 'OTHER1' },
    ]);
    const dryRun = await fixture.stage(`${HEADER}T1,TWIN99,Dell,,,,\n`);
    expect(dryRun.counts.conflict).toBe(1);
    await expect(fixture.imports.decide(dryRun.id, 2, other ?? 0, ACTOR)).rejects.toThrow(ConflictError);
    expect((await fixture.imports.decide(dryRun.id, 2, second ?? 0, ACTOR)).counts).toMatchObject({
      conflict: 0,
      new: 1,
    });
    await fixture.imports.apply(dryRun.id, ACTOR);
    expect(await fixture.register()).toMatchObject([{ device_id: second }]);
    expect(first).not.toBe(second);
  });

  it('keeps serial numbers of different manufacturers apart, and never matches by hostname', async () => {
    const [dell] = await fixture.addDevices([
      { serial: 'SAME123', manufacturer: 'Dell Inc.', name: 'PC-1' },
      { serial: 'ELSE123', manufacturer: 'HP', name: 'PC-2' },
    ]);
    const dryRun = await fixture.stage(
      'Asset Tag,Serial,Make,Hostname\nT1,SAME123,LENOVO,PC-1\nT2,SAME123,Dell,PC-9\nT3,NEW123,HP,PC-2\n',
    );
    expect((await shown(dryRun.id)).map((row) => [row.outcome, row.deviceId])).toEqual([
      ['new', null],
      ['new', dell],
      ['new', null],
    ]);
    expect((await fixture.imports.apply(dryRun.id, ACTOR)).state).toBe('applied');
  });

  it('asks when tag and serial number lead to different machines', async () => {
    await fixture.bring(`${HEADER}T1,SER1,Dell,,,,\nT2,SER2,Dell,,,,\nT3,,,,,,\n`);
    const dryRun = await fixture.stage(`${HEADER}T1,SER2,Dell,,,,\nT2,SER9,Dell,,,,\nT3,SER1,Dell,,,,\nT4,,,,,,\n`);
    expect((await shown(dryRun.id)).map((row) => [row.outcome, row.problems[0]?.message])).toEqual([
      ['conflict', 'The asset tag belongs to another machine than the serial number.'],
      ['conflict', 'The asset tag is in the register with another serial number.'],
      ['conflict', 'The asset tag belongs to another machine than the serial number.'],
      ['new', undefined],
    ]);
  });

  it('gives a serial number to an entry that had only a tag, and a tag to one that had none', async () => {
    const [machine] = await fixture.addDevices([{ serial: 'SER1' }]);
    await fixture.bring(`${HEADER}T1,,,,,,\n,SER2,,,,,\n`);
    const dryRun = await fixture.stage(`${HEADER}T1,SER1,,,,,\nT2,SER2,,,,,\n`);
    expect(
      (await shown(dryRun.id, 'changed')).map((row) => row.changes.map((change) => [change.field, change.to])),
    ).toEqual([
      [
        ['serialNumber', 'SER1'],
        ['deviceId', machine],
      ],
      [['assetTag', 'T2']],
    ]);
    await fixture.imports.apply(dryRun.id, ACTOR);
    expect(await fixture.register()).toMatchObject([
      { asset_tag: 'T1', serial_number: 'SER1', device_id: machine },
      { asset_tag: 'T2', serial_number: 'SER2' },
    ]);
  });

  it('refuses rows that repeat others, also by different ways to one machine', async () => {
    await fixture.bring(`${HEADER}T1,SER1,Dell,,,,\n`);
    const dryRun = await fixture.stage(`${HEADER}T5,SER5,,,,,\nt5,SER6,,,,,\nT7,ser5,HP,,,,\nT1,,,,,A,\n,SER1,,,,B,\n`);
    expect((await shown(dryRun.id)).map((row) => [row.line, row.outcome, row.problems[0]?.message])).toEqual([
      [2, 'new', undefined],
      [3, 'refused', 'Line 2 has the same asset tag.'],
      [4, 'refused', 'Line 2 has the same serial number.'],
      [5, 'changed', undefined],
      [6, 'conflict', 'An earlier row of the file is about the same machine.'],
    ]);
  });

  it('no longer trusts 02/01/2026 when the same column says 01/31/2026', async () => {
    const dryRun = await fixture.stage(
      'Asset Tag,Purchase Date,Warranty End\nT1,02/01/2026,03/04/2029\nT2,01/31/2026,05/05/2029\nT3,13/02/2026,2029-01-02\nT4,04/04/2026,2029-01-02\n',
    );
    expect((await shown(dryRun.id)).map((row) => [row.outcome, row.problems.map((problem) => problem.column)])).toEqual(
      [
        ['refused', ['Purchase Date']],
        ['refused', ['Purchase Date']],
        ['new', []],
        ['new', []],
      ],
    );
  });

  it('links the holder when exactly one present person has the address', async () => {
    await fixture.addPeople([
      { entraId: 'p1', upn: 'Ann.Lee@council.gov.uk', mail: 'ann@council.gov.uk' },
      { entraId: 'p2', upn: 'left@council.gov.uk', presence: 'gone' },
      { entraId: 'p3', upn: 'x3@council.gov.uk', mail: 'shared@council.gov.uk' },
      { entraId: 'p4', upn: 'x4@council.gov.uk', mail: 'shared@council.gov.uk' },
    ]);
    const dryRun = await fixture.stage(
      `${HEADER}T1,,,,,,ANN.LEE@council.gov.uk\nT2,,,,,,ann@council.gov.uk\nT3,,,,,,left@council.gov.uk\nT4,,,,,,shared@council.gov.uk\nT5,,,,,,Ann Lee\n`,
    );
    expect((await shown(dryRun.id)).map((row) => row.problems.length)).toEqual([0, 0, 1, 1, 1]);
    await fixture.imports.apply(dryRun.id, ACTOR);
    expect((await fixture.register()).map((entry) => entry['holder_entra_id'])).toEqual(['p1', 'p1', null, null, null]);
    expect((await fixture.stage(`${HEADER}T1,,,,,,ANN.LEE@council.gov.uk\nT5,,,,,,Ann Lee\n`)).counts.unchanged).toBe(
      2,
    );
  });

  it('joins a boxed machine to its later enrolment, and undoing still works', async () => {
    const note = await fixture.bring('S/N,Make,PO Number\nBOX001,Dell,PO1\nBOX002,Dell,PO1\nBOX003,HP,PO1\n');
    const [machine] = await fixture.addDevices([
      { serial: 'box001', manufacturer: 'Dell Inc.' },
      { serial: 'BOX002', manufacturer: 'Dell' },
      { serial: 'BOX002', manufacturer: 'Dell' },
      { serial: 'BOX003', manufacturer: 'Dell' },
    ]);
    const before = await fixture.register();
    expect(await fixture.imports.linkMachines()).toBe(1);
    expect(await fixture.imports.linkMachines()).toBe(0);
    expect(await fixture.register()).toEqual(
      before.map((entry) => (entry['serial_number'] === 'BOX001' ? { ...entry, device_id: machine } : entry)),
    );
    expect(await fixture.imports.undo(note.id, ACTOR, 'wrong file')).toMatchObject({ removed: 3, refused: 0 });
  });

  it('keeps one entry when machines are merged or a serial number moves to another machine', async () => {
    const [first, second] = await fixture.addDevices([
      { serial: 'SER001', manufacturer: 'Dell' },
      { serial: 'SER002' },
    ]);
    await fixture.bring('Serial,Make,Site\nSER001,Dell,Depot\n');
    await fixture.rows('update device set merged_into_id = $2 where id = $1', [first, second]);
    await fixture.rows(`update device set serial_number = 'SER001' where id = $1`, [second]);
    const dryRun = await fixture.stage('Serial,Make,Site\nSER001,Dell,Depot\n');
    expect((await shown(dryRun.id))[0]).toMatchObject({
      outcome: 'changed',
      changes: [{ field: 'deviceId', from: first, to: second }],
    });
    await fixture.imports.apply(dryRun.id, ACTOR);
    expect(await fixture.register()).toMatchObject([{ device_id: second }]);
  });

  it('makes the dry run again instead of applying what nobody saw', async () => {
    const dryRun = await fixture.stage(`${HEADER}T1,SER1,,,,Depot,\n`);
    await fixture.bring(`${HEADER}T1,SER1,,,,Library,\n`);
    await expect(fixture.imports.apply(dryRun.id, ACTOR)).rejects.toThrow(/changed since the dry run/);
    expect(await fixture.register()).toMatchObject([{ location: 'Library' }]);
    expect((await shown(dryRun.id))[0]).toMatchObject({
      outcome: 'changed',
      changes: [{ from: 'Library', to: 'Depot' }],
    });
    await fixture.imports.apply(dryRun.id, ACTOR);
    expect(await fixture.register()).toMatchObject([{ location: 'Depot' }]);
  });

  it('is applied once and undone once, and says so', async () => {
    await expect(fixture.imports.apply(999_999, ACTOR)).rejects.toThrow(NotFoundError);
    const dryRun = await fixture.stage(`${HEADER}T1,SER1,,,,Depot,\n`);
    await expect(fixture.imports.undo(dryRun.id, ACTOR, 'wrong file')).rejects.toThrow(/not applied/);
    await fixture.imports.apply(dryRun.id, ACTOR);
    await expect(fixture.imports.apply(dryRun.id, ACTOR)).rejects.toThrow(/applied only once/);
    await expect(fixture.imports.undo(dryRun.id, ACTOR, ' ')).rejects.toThrow(InputError);
    expect(await fixture.imports.undo(dryRun.id, ACTOR, 'wrong file')).toMatchObject({
      ...{ removed: 1, restored: 0, refused: 0 },
      import: { state: 'undone', undoneBy: ACTOR, undoReason: 'wrong file' },
    });
    await expect(fixture.imports.undo(dryRun.id, ACTOR, 'again')).rejects.toThrow(ConflictError);
    await expect(fixture.imports.apply(dryRun.id, ACTOR)).rejects.toThrow(ConflictError);
    expect(await fixture.register()).toEqual([]);
  });

  it('keeps nothing of a file that it refuses', async () => {
    for (const content of [
      '',
      'Asset Tag,Serial\n',
      'Colour,Size\nred,2\n',
      `${HEADER}T1,SER1,,31/02/2026,,,\n`,
      `${HEADER}T1,SER1,,,,,\nT2,"SER2,,,,,\n`,
      Buffer.from('Asset Tag,Location\nT1,Caf\xe9\n', 'latin1'),
    ]) {
      await expect(fixture.stage(content)).rejects.toThrow(InputError);
    }
    expect(await fixture.rows('select id from register_import')).toEqual([]);
    expect(await fixture.rows('select line from register_import_row')).toEqual([]);
  });

  it('gives the same import for the same request, and refuses the key for another file', async () => {
    const content = `${HEADER}T1,SER1,,,,,\n`;
    const first = await fixture.stage(content, { idempotencyKey: 'k1' });
    expect((await fixture.stage(content, { idempotencyKey: 'k1' })).id).toBe(first.id);
    expect((await fixture.stage(content, { idempotencyKey: 'k1', actor: 'person:somebody-else' })).id).not.toBe(
      first.id,
    );
    await expect(fixture.stage(`${content}T2,,,,,,\n`, { idempotencyKey: 'k1' })).rejects.toThrow(InputError);
  });

  it('reads by a saved mapping, whatever the columns are called', async () => {
    await fixture.mappings.save('Stock list', 'asset-register', { Bezeichnung: 'assetTag', Ort: 'location' }, ACTOR);
    const dryRun = await fixture.stage('sep=;\nBEZEICHNUNG;Ort;Serial\nT1;Depot;S99\n', { mapping: 'stock LIST' });
    expect(dryRun).toMatchObject({
      mapping: 'Stock list',
      columns: [
        { header: 'BEZEICHNUNG', field: 'assetTag' },
        { header: 'Ort', field: 'location' },
      ],
      ignoredColumns: ['Serial'],
    });
    await expect(fixture.stage('Asset Tag\nT1\n', { mapping: 'Stock list' })).rejects.toThrow(/mapping expects/);
    await expect(fixture.stage('Asset Tag\nT1\n', { mapping: 'none' })).rejects.toThrow(NotFoundError);
    await expect(
      fixture.mappings.save('x', 'letter', { a: 'assetTag', b: 'assetTag', c: 'price2' }, ACTOR),
    ).rejects.toThrow(InputError);
    await fixture.mappings.save('STOCK list', 'delivery-note', { 'S/N': 'serialNumber' }, 'person:another');
    expect(await fixture.mappings.list()).toMatchObject([
      { name: 'STOCK list', fileKind: 'delivery-note', createdBy: ACTOR, changedBy: 'person:another' },
    ]);
  });
});
