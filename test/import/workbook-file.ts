import { crc32, deflateRawSync } from 'node:zlib';

/** One part of a zip file; `declaredSize` lets a test lie about what it unpacks to. */
export interface ZipPart {
  readonly name: string;
  readonly content: string | Buffer;
  readonly declaredSize?: number;
}

/** A zip file as Excel writes it: deflated parts, then their directory (PKWARE APPNOTE 6.3.10, 4.3). */
export function zipFile(parts: readonly ZipPart[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const content = Buffer.from(part.content);
    const packed = deflateRawSync(content);
    const name = Buffer.from(part.name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(part.declaredSize ?? content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    const body = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, packed]);
    bodies.push(body);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, rest, name]));
    offset += body.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, central, end]);
}

/** A cell: a text, a number, or the XML of one. */
export type WorkbookCell = string | number | { readonly xml: string };

const WORKBOOK = `<workbook xmlns:r="r"><workbookPr/><sheets><sheet name="Old" sheetId="1" state="hidden" r:id="rId1"/>
  <sheet name="Assets" sheetId="2" r:id="rId2"/></sheets></workbook>`;
const RELATIONS = `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>
  <Relationship Id="rId2" Target="worksheets/sheet2.xml"/></Relationships>`;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** The parts of a workbook whose second, first visible sheet holds the rows; texts are shared, as Excel has them. */
export function workbookParts(rows: readonly (readonly WorkbookCell[])[], workbook = WORKBOOK): ZipPart[] {
  const shared: string[] = [];
  const xml = rows.map((cells, row) => {
    const columns = cells.map((cell, column) => {
      const reference = `r="${String.fromCharCode(65 + column)}${row + 1}"`;
      if (typeof cell === 'object') return cell.xml.replace('<c', `<c ${reference}`);
      if (typeof cell === 'number') return `<c ${reference}><v>${cell}</v></c>`;
      return cell === '' ? '' : `<c ${reference} t="s"><v>${shared.push(cell) - 1}</v></c>`;
    });
    return `<row r="${row + 1}">${columns.join('')}</row>`;
  });
  const texts = shared.map((text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`);
  return [
    { name: '[Content_Types].xml', content: '<Types/>' },
    { name: 'xl/workbook.xml', content: workbook },
    { name: 'xl/_rels/workbook.xml.rels', content: RELATIONS },
    { name: 'xl/worksheets/sheet1.xml', content: '<worksheet><sheetData/></worksheet>' },
    { name: 'xl/worksheets/sheet2.xml', content: `<worksheet><sheetData>${xml.join('')}</sheetData></worksheet>` },
    { name: 'xl/sharedStrings.xml', content: `<sst>${texts.join('')}</sst>` },
  ];
}

export function workbookFile(rows: readonly (readonly WorkbookCell[])[]): Buffer {
  return zipFile(workbookParts(rows));
}
