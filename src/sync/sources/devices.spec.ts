import { convertPage, type GraphRecord } from '../domain/record-conversion.js';
import { autopilot } from './autopilot.js';
import { entraDevices } from './entra-devices.js';
import { managedDevices } from './managed-devices.js';
import type { Source } from './source.js';
import { windowsReadiness } from './windows-readiness.js';

const ID = '00000000-0000-4000-8000-00000000000A';
const ZTDID = '00000000-0000-4000-8000-0000000000B1';

function converted(source: Source, record: GraphRecord) {
  const { records, quarantined } = convertPage([{ id: ID, ...record }], source.shape, 'full');
  return { fields: records.get(ID)?.fields ?? {}, quarantined };
}

describe('the physical ids of an Entra device', () => {
  it.each<[string, unknown, unknown, unknown]>([
    ['an Autopilot device with a group tag', [`[ZTDID]:${ZTDID}`, '[OrderId]:Kiosk'], ZTDID.toLowerCase(), 'Kiosk'],
    ['among others', ['[GID]:g:1', '[USER-GID]:u', `[ZTDID]:${ZTDID}`, '[HWID]:h:2'], ZTDID.toLowerCase(), null],
    ['in small letters', [`[ztdid]:${ZTDID}`], ZTDID.toLowerCase(), null],
    ['a tag with a colon in it', ['[OrderId]:Site:North'], null, 'Site:North'],
    ['an empty tag', ['[OrderId]:'], null, null],
    ['none', [], null, null],
    ['null', null, null, null],
  ])('%s', (_title, physicalIds, autopilotId, orderIdentifier) => {
    const { fields } = converted(entraDevices, { physicalIds });
    expect(fields).toMatchObject({ autopilot_id: autopilotId, attributes: { orderIdentifier } });
  });

  it('leave what is known alone when they are absent', () => {
    expect(converted(entraDevices, {}).fields).toEqual({ attributes: {} });
  });

  it.each([['a text'], [{ 0: '[ZTDID]:x' }], [[7]]])('are quarantined as %j', (physicalIds) => {
    expect(converted(entraDevices, { physicalIds }).quarantined).toHaveLength(1);
  });
});

describe('device records', () => {
  it.each([
    ['Company', 'company'],
    ['Personal', 'personal'],
    [null, null],
    ['', null],
  ])('write the ownership %s as %s', (deviceOwnership, expected) => {
    expect(converted(entraDevices, { deviceOwnership }).fields['ownership']).toBe(expected);
  });

  it.each<[unknown, boolean]>([
    ['0A1B2C3D4E5F', true],
    ['', false],
    [null, false],
    ['000000000000', false],
    ['00:00:00:00:00:00', true],
  ])('keep of the Wi-Fi address %j only whether there is an adapter', (wiFiMacAddress, hasWiFiAdapter) => {
    const { fields } = converted(managedDevices, { wiFiMacAddress });
    expect(fields['attributes']).toEqual({ hasWiFiAdapter });
    if (typeof wiFiMacAddress === 'string' && wiFiMacAddress !== '')
      expect(JSON.stringify(fields)).not.toContain(wiFiMacAddress);
  });

  it('say nothing of an adapter when the address is absent', () => {
    expect(converted(managedDevices, {}).fields['attributes']).toEqual({});
  });

  it('carry their own id where it links to others', () => {
    expect(converted(managedDevices, {}).fields['managed_device_id']).toBe(ID.toLowerCase());
    expect(converted(autopilot, {}).fields['autopilot_id']).toBe(ID.toLowerCase());
  });

  it.each<[Source, GraphRecord, object]>([
    [
      managedDevices,
      { azureADDeviceId: '00000000-0000-0000-0000-000000000000', userId: '' },
      { entra_device_id: null, user_entra_id: null },
    ],
    [
      autopilot,
      { azureActiveDirectoryDeviceId: '00000000-0000-0000-0000-000000000000', managedDeviceId: null },
      { entra_device_id: null, managed_device_id: null },
    ],
    [windowsReadiness, { azureAdDeviceId: '00000000-0000-0000-0000-000000000000' }, { entra_device_id: null }],
  ])('take the all-zero id for none', (source, record, expected) => {
    expect(converted(source, record).fields).toMatchObject(expected);
  });

  it('keep null of a readiness check apart from passed and failed', () => {
    const { fields } = converted(windowsReadiness, {
      tpmCheckFailed: null,
      ramCheckFailed: false,
      osCheckFailed: true,
    });
    expect(fields['attributes']).toEqual({ tpmCheckFailed: null, ramCheckFailed: false, osCheckFailed: true });
  });
});
