import { headerKey } from '../../../sheets/header-row.js';
import { mapHeader, proposeMapping } from './column-mapping.js';
import { REGISTER_FIELDS } from './register-fields.js';

describe('header rows', () => {
  it.each([
    ['Asset Tag', 'assetTag'],
    ['Serial No.', 'serialNumber'],
    ['Service Tag', 'serialNumber'],
    ['S/N', 'serialNumber'],
    ['SERIAL_NUMBER0', 'serialNumber'],
    ['Purchase Date', 'purchasedOn'],
    ['purchasedOn', 'purchasedOn'],
    ['PO Number', 'purchaseOrder'],
    ['Cost (GBP)', 'price'],
    ['cost', 'price'],
    ['Supplier', 'supplier'],
    ['Warranty End', 'warrantyEndsOn'],
    ['Location', 'location'],
    ['Site', 'location'],
    ['Assigned To', 'holderNote'],
    ['E-mail', 'holderNote'],
    ['Status', 'status'],
    ['Model', 'model'],
    ['Make', 'manufacturer'],
    ['Hostname', 'hostname'],
    ['Computer Name', 'hostname'],
    ['Notes', 'notes'],
  ])('%s is proposed as %s', (header, field) => expect(proposeMapping([header])).toEqual({ [header]: field }));

  it('know every field by its own name, and no header for two fields', () => {
    const headers = REGISTER_FIELDS.flatMap((field) => [...field.headers]);
    expect(new Set(headers).size).toBe(headers.length);
    expect(headers.map(headerKey)).toEqual(headers);
    for (const { name } of REGISTER_FIELDS) expect(proposeMapping([name])).toEqual({ [name]: name });
  });

  it('say which columns are read and which are not', () => {
    const { columns, ignored, width, problems } = mapHeader([' Asset Tag ', 'Colour', 'S/N', '', ' '], null);
    expect(columns.map(({ index, header, field }) => [index, header, field.name])).toEqual([
      [0, 'Asset Tag', 'assetTag'],
      [2, 'S/N', 'serialNumber'],
    ]);
    expect([ignored, width, problems]).toEqual([['Colour'], 3, []]);
  });

  it.each([
    [['Asset Tag', '', 'Serial'], /Column 2 has no header/],
    [['Serial', 'SERIAL '], /"SERIAL" stands twice, in columns 1 and 2/],
    [['Asset Tag', 'Location', 'Site'], /"Location", "Site" all stand for location/],
    [['Colour', 'Size'], /No column is an asset tag or a serial number \(found: "Colour", "Size"\)/],
    [['__proto__', 'constructor'], /No column is/],
    [['Asset Tag', 'x'.repeat(201)], /longer than 200/],
    [Array.from({ length: 201 }, (_, n) => `c${n}`), /has 201 columns/],
    [[], /No column is/],
  ])('with %j are refused whole', (headers, message) => {
    const { columns, problems } = mapHeader(headers, null);
    expect(problems[0]).toMatch(message);
    expect(problems.length > 0 || columns.length > 0).toBe(true);
  });

  it('are read by a saved mapping and nothing else', () => {
    const saved = { Ding: 'assetTag', Ort: 'location' } as const;
    expect(mapHeader(['ORT', 'Ding', 'Serial'], saved)).toMatchObject({ ignored: ['Serial'], problems: [] });
    expect(mapHeader(['Ding', 'Serial'], saved).problems[0]).toMatch(/expects "Ort"/);
  });
});
