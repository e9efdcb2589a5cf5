import { EmulatorFixture, guid, smallTenant, type JsonBody } from '../../../test/support/emulator-fixture.js';
import type { Call, CallBook, CallJson } from '../tenant/call-book.js';
import { DemonstrationCalls } from '../tenant/calls.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LIST = '/communications/callRecords';
const EXPANDED = '?$expand=sessions($expand=segments)';
const CALLS = new DemonstrationCalls(smallTenant(60), guid(1), 40);
const fixture = new EmulatorFixture();

beforeAll(() => fixture.start(smallTenant(60), { calls: CALLS }));
afterAll(() => fixture.stop());

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();
const listed = async (from: number, until: number): Promise<readonly Readonly<Record<string, unknown>>[]> =>
  fixture.rows(
    `${LIST}?$filter=startDateTime ge ${iso(from)} and startDateTime lt ${iso(until)}`.replaceAll(' ', '%20'),
  );

describe('call records of the emulator', () => {
  it('are listed 60 a page without sessions, those of 30 days, and of each call once', async () => {
    const pages = await fixture.pages(LIST);
    expect(pages.length).toBeGreaterThan(3);
    for (const page of pages.slice(0, -1)) expect(page.value).toHaveLength(60);
    const rows = pages.flatMap((page) => page.value ?? []);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    for (const row of rows) {
      expect(row).not.toHaveProperty('sessions');
      expect(Date.parse(String(row['startDateTime']))).toBeGreaterThanOrEqual(fixture.now - 30 * DAY);
    }
    expect(await listed(0, fixture.now)).toEqual(rows);
  });

  it('are those of the window that a filter names; other options and filters are refused', async () => {
    const [from, until] = [fixture.now - 5 * DAY, fixture.now - 4 * DAY];
    for (const { startDateTime } of await listed(from, until)) {
      expect(Date.parse(String(startDateTime))).toBeGreaterThanOrEqual(from);
      expect(Date.parse(String(startDateTime))).toBeLessThan(until);
    }
    for (const query of ['$top=5', '$select=id', '$filter=version%20gt%201', '$expand=sessions']) {
      expect([query, (await fixture.get(`${LIST}?${query}`)).status]).toEqual([query, 400]);
    }
  });

  it('show up after the call, come later than their line in the list, rise in version and go after 30 days', async () => {
    const before = fixture.now;
    const versions = new Map<string, Set<number>>();
    let late = 0;
    const [from, until] = [before, before + 12 * HOUR];
    for (fixture.now = before + 12 * HOUR; fixture.now < before + 40 * HOUR; fixture.now += 7 * HOUR) {
      fixture.forgetToken();
      for (const { id, version, endDateTime } of await listed(from, until)) {
        versions.set(String(id), (versions.get(String(id)) ?? new Set()).add(Number(version)));
        expect(fixture.now - Date.parse(String(endDateTime))).toBeGreaterThanOrEqual(15 * 60_000);
      }
    }
    // Look at every minute after the ends of the calls, for one that is listed and not to be had.
    for (const call of CALLS.between(from, until, null)) {
      fixture.now = call.endedAt + 45 * 60_000;
      fixture.forgetToken();
      const { status } = await fixture.get(`${LIST}/${call.id}`);
      if (status === 404 && CALLS.versionAt(call, fixture.now) > 0) late += 1;
      fixture.now = call.startedAt + 31 * DAY;
      fixture.forgetToken();
      expect((await fixture.get(`${LIST}/${call.id}`)).status).toBe(404);
    }
    expect(late).toBeGreaterThan(0);
    expect([...versions.values()].some((seen) => seen.size > 1)).toBe(true);
    fixture.now = before;
    fixture.forgetToken();
  });

  it('come in both shapes, with telephones, guests, tunnels, sentinels and missing figures', async () => {
    const text = JSON.stringify(
      await Promise.all(
        (await listed(fixture.now - 30 * DAY, fixture.now - DAY))
          .slice(0, 300)
          .map(async ({ id }) => (await fixture.get(`${LIST}/${String(id)}${EXPANDED}`)).json),
      ),
    );
    for (const part of [
      '"associatedIdentity":{"id"',
      '"identity":{"user":{"id"',
      '"phone":{"id":"+44',
      '"connectionType":"tunnel"',
      '"linkSpeed":4294967295',
      '"macAddress":"00-00-00-00-00-00"',
      '"media":[]',
      '"averageAudioDegradation":null',
    ]) {
      expect([part, text.includes(part)]).toEqual([part, true]);
    }
  });

  it('are the same whenever they are asked for', async () => {
    const [first] = await listed(fixture.now - 2 * DAY, fixture.now);
    const ask = async (): Promise<JsonBody> => (await fixture.get(`${LIST}/${String(first?.['id'])}${EXPANDED}`)).json;
    expect(await ask()).toEqual(await ask());
    const again = new DemonstrationCalls(smallTenant(60), guid(1), 40);
    const call = again.find(String(first?.['id']));
    expect(call && again.record(call, Number(first?.['version']))).toEqual(first);
  });

  it('need their permission', async () => {
    const other = await new EmulatorFixture().start(smallTenant(5), { calls: CALLS, roles: ['User.Read.All'] });
    expect(await other.get(LIST)).toMatchObject({ status: 403 });
    await other.stop();
    const without = await new EmulatorFixture().start(smallTenant(5));
    expect(await without.get(LIST)).toMatchObject({ status: 501 });
    await without.stop();
  });
});

describe('a meeting with more sessions than a page holds', () => {
  const meeting: Call = { id: guid(77), startedAt: fixture.now - DAY, endedAt: fixture.now - DAY };
  const book: CallBook = {
    between: () => [meeting],
    find: (id) => (id === meeting.id ? meeting : undefined),
    versionAt: () => 1,
    isReadable: () => true,
    record: ({ id }) => ({ id, version: 1 }),
    sessions: () => Array.from({ length: 130 }, (_, index): CallJson => ({ id: guid(index), segments: [] })),
  };

  it('has the link to the rest inside the record', async () => {
    const other = new EmulatorFixture();
    await other.start(smallTenant(5), { calls: book });
    const { json } = await other.get(`${LIST}/${meeting.id}${EXPANDED}`);
    expect(json['sessions']).toHaveLength(60);
    const rest = await other.rows(String(json['sessions@odata.nextLink']));
    expect(rest.map(({ id }) => id)).toEqual(Array.from({ length: 70 }, (_, index) => guid(60 + index)));
    const foreign = String(json['sessions@odata.nextLink']).replace(meeting.id, guid(78));
    expect((await other.get(foreign)).status).toBe(404);
    await other.stop();
  });
});
