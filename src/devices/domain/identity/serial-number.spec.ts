import { manufacturerKey } from './manufacturer-name.js';
import { isPlaceholder, realIdentifier } from './placeholder-values.js';
import { realSerial, serialKey } from './serial-number.js';

describe('realSerial', () => {
  it.each([
    '',
    '   ',
    '0',
    '000000000',
    '1111111',
    'XXXXXXXX',
    'Default string',
    'DefaultString',
    ' DEFAULT   STRING ',
    'To Be Filled By O.E.M.',
    'to be filled by OEM',
    'System Serial Number',
    '0123456789',
    '123456789',
    '1234567890123',
    'Not Specified',
    'INVALID',
    'None',
    'N/A',
    'n/a',
    'NULL',
    'Chassis Serial Number',
    'A',
    '12',
    '1.1',
    '(null string)',
  ])('refuses %j', (serial) => {
    expect(realSerial(serial)).toBeNull();
  });

  it.each([
    ['5cg1234xyz', '5CG1234XYZ'],
    [' PF2A BC12 ', 'PF2ABC12'],
    ['VMware-56 4d 1f 0e a1 b2 c3 d4-00 11 22 33 44 55 66 77', 'VMWARE-564D1F0EA1B2C3D4-0011223344556677'],
    ['PC1.2ABC', 'PC1.2ABC'],
    ['7.23.4517', '7.23.4517'],
    ['NONE12345', 'NONE12345'],
    ['R90DEFAULTSTRING7', 'R90DEFAULTSTRING7'],
    ['INVALID8', 'INVALID8'],
    ['S1', 'S1'],
    ['0000-0012-3456-7890-1234-5678-90', '0000-0012-3456-7890-1234-5678-90'],
    ['10000001', '10000001'],
  ])('keeps the real %j', (serial, key) => {
    expect(realSerial(serial)).toBe(key);
  });

  it('refuses the name of the maker or the model in the place of a number', () => {
    expect(realSerial('Latitude 5420', 'Dell Inc.', 'LATITUDE 5420')).toBeNull();
    expect(realSerial('Acme', 'ACME', 'Box')).toBeNull();
    expect(realSerial('Acme7', 'ACME', 'Box')).toBe('ACME7');
  });

  it('upper-cases only what Postgres in the C locale upper-cases', () => {
    expect(serialKey('straße-é1\u00a0\t2')).toBe('STRAßE-é12');
  });
});

describe('realIdentifier', () => {
  it.each([
    '',
    '00000000-0000-0000-0000-000000000000',
    'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
    '03000200-0400-0500-0006-000700080009',
  ])('refuses %j', (identifier) => {
    expect(realIdentifier(identifier)).toBeNull();
  });

  it('compares without regard to case', () => {
    expect(realIdentifier('ABCDEF01-0000-0000-0000-000000000001')).toBe('abcdef01-0000-0000-0000-000000000001');
  });
});

describe('manufacturerKey', () => {
  it.each([
    ['HP', ['Hewlett-Packard', 'HP Inc.', 'hp', 'Hewlett Packard', 'Hewlett-Packard Company']],
    ['Dell', ['Dell Inc.', 'DELL', 'Dell Computer Corporation', 'Dell Computer Corp.']],
    ['LENOVO', ['Lenovo', 'Lenovo Group Limited', 'lenovo ']],
    ['Microsoft', ['Microsoft Corporation', 'Microsoft Corp.']],
    ['ASUS', ['ASUSTeK COMPUTER INC.', 'ASUSTeK Computer Inc']],
    ['Fujitsu', ['FUJITSU CLIENT COMPUTING LIMITED', 'FUJITSU SIEMENS']],
    ['Toshiba', ['Dynabook Inc.', 'TOSHIBA CLIENT SOLUTIONS CO., LTD.']],
    ['Micro-Star International Co., Ltd.', ['MSI']],
  ])('gives one name for %s', (name, others) => {
    for (const other of others) expect(manufacturerKey(other)).toBe(manufacturerKey(name));
  });

  it('keeps different makers apart and knows no placeholder', () => {
    expect(manufacturerKey('HP')).not.toBe(manufacturerKey('Hewlett Packard Enterprise'));
    for (const name of ['System manufacturer', 'To be filled by O.E.M.', 'O.E.M', '', null]) {
      expect(manufacturerKey(name)).toBeNull();
    }
  });

  it('takes a placeholder for one only when it is the whole name', () => {
    expect(isPlaceholder('Not Specified')).toBe(true);
    expect(isPlaceholder('Specified Systems Not')).toBe(false);
  });
});
