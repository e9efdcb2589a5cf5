import { loadAssets } from './assets.js';
import { Views } from './views.js';

const brand = { name: 'Wexcombe Council', colour: '#4c2c92', logo: { type: 'image/png', base64: 'AAAA' } } as const;
const assets = loadAssets(brand);
const content = (name: string): string => {
  const [, , version = '', file = ''] = assets.url(name).split('/');
  return assets.find(version, file)?.content.toString() ?? '';
};

describe('page files', () => {
  it('carry neither the font nor the crest that belong to GOV.UK', () => {
    const styles = content('govuk-frontend.css');
    expect(styles.length).toBeGreaterThan(100_000);
    expect(styles).not.toMatch(/GDS Transport|@font-face|govuk-crest|url\((?!data)/);
    expect(styles).toMatch(/\.govuk-body[^{]*\{[^}]*font-family:arial,sans-serif/);
  });

  it('have addresses of their own and lead nowhere else', () => {
    expect(assets.url('untether.css')).toMatch(/^\/assets\/[0-9a-f]{16}\/untether\.css$/);
    expect(() => assets.url('other.css')).toThrow('other.css');
    for (const [version, name] of [
      ['0000000000000000', '../package.json'],
      ['..', 'untether.css'],
      ['0000000000000000', 'constructor'],
      ['0000000000000000', '__proto__'],
      ['', ''],
    ] as const) {
      expect(assets.find(version, name)).toBeNull();
    }
  });
});

describe('the brand', () => {
  it('comes as files, because pages carry no styles of their own', () => {
    expect(content('brand.css')).toContain('--govuk-brand-colour: #4c2c92;');
    expect(assets.url('logo')).toMatch(/\/logo$/);
    expect(assets.find('0000000000000000', 'logo')?.type).toBe('image/png');
  });
});

describe('pages', () => {
  it('escape whatever they are given, wherever it stands', () => {
    const attack = '"><script>alert(1)</script>{{7*7}}';
    const page = new Views({ assets, brand, demonstration: true }).render('web/views/error.njk', {
      may: () => true,
      form: {},
      problem: { title: attack, detail: attack, fields: [{ field: attack, message: [attack] }] },
      requestId: attack,
    });
    expect(page).not.toContain('<script>alert');
    expect(page).not.toMatch(/[>"]49/);
    expect(page.match(/&lt;script&gt;alert/g)?.length).toBe(6);
  });
});
