import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { contrastWithWhite, readBrand, type BrandSettings } from './brand.js';
import { SettingsReader } from './settings-reader.js';

describe('the brand', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'untether-brand-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (environment: Record<string, string>): { brand: BrandSettings; wrong: string[] } => {
    const reader = new SettingsReader(environment);
    return { brand: readBrand(reader), wrong: reader.problems.map(({ name, reason }) => `${name} ${reason}`) };
  };
  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };

  it('is neutral unless the settings say otherwise', () => {
    expect(read({})).toEqual({ brand: { name: null, colour: '#1d5c63', logo: null }, wrong: [] });
  });

  it('takes the name, the colour and the logo', () => {
    const logo = file('logo.svg', '<?xml version="1.0"?>\n<!-- ours -->\n<svg xmlns="http://www.w3.org/2000/svg"/>');
    const { brand, wrong } = read({ BRAND_NAME: 'Wexcombe Council', BRAND_COLOUR: '#4C2C92', BRAND_LOGO_FILE: logo });
    expect(wrong).toEqual([]);
    expect(brand).toMatchObject({ name: 'Wexcombe Council', colour: '#4c2c92', logo: { type: 'image/svg+xml' } });
    const png = file('logo.png', Buffer.from('89504e470d0a1a0a0000', 'hex'));
    expect(read({ BRAND_LOGO_FILE: png }).brand.logo?.type).toBe('image/png');
  });

  it.each([
    ['#ffffff', 1],
    ['#000000', 21],
    ['#767676', 4.54],
    ['#777777', 4.48],
  ])('knows the contrast of %s with white', (colour, contrast) =>
    expect(contrastWithWhite(colour)).toBeCloseTo(contrast, 2),
  );

  it.each([
    ['too light a colour', { BRAND_COLOUR: '#777777' }, /BRAND_COLOUR is too light: .* 4\.47:1/],
    ['a word for a colour', { BRAND_COLOUR: 'navy' }, /BRAND_COLOUR is not a colour/],
    ['something else in a colour', { BRAND_COLOUR: '#12345g;}' }, /BRAND_COLOUR is not a colour/],
    ['too long a name', { BRAND_NAME: 'x'.repeat(61) }, /BRAND_NAME is not a name/],
    ['a logo that is not there', { BRAND_LOGO_FILE: '/nowhere/logo.svg' }, /BRAND_LOGO_FILE names a file/],
    ['a page for a logo', { BRAND_LOGO_FILE: file('logo.html', '<html><svg></svg></html>') }, /is not a picture/],
    ['a huge logo', { BRAND_LOGO_FILE: file('huge.svg', `<svg>${' '.repeat(300_000)}</svg>`) }, /is not a picture/],
  ])('refuses %s', (_what, environment, complaint) => {
    const { wrong } = read(environment);
    expect(wrong).toEqual([expect.stringMatching(complaint)]);
  });
});
