import fc from 'fast-check';
import { readPounds } from './pounds.js';

describe('prices', () => {
  it.each([
    ['900', 90_000],
    ['£1,234.50', 123_450],
    ['£ 1234.5', 123_450],
    ['GBP 1,234,567.89', 123_456_789],
    ['12.30 GBP', 1_230],
    ['0', 0],
    ['10000000', 1_000_000_000],
  ])('%s is %d pence', (text, pence) => expect(readPounds(text)).toEqual({ ok: true, pence }));

  it.each([
    ['-5', /negative/],
    ['(5.00)', /negative/],
    ['£-5', /negative/],
    ['1e309', /not an amount/],
    ['1.234,56', /not an amount/],
    ['12,34', /not an amount/],
    ['1,23,456', /not an amount/],
    ['9.999', /not an amount/],
    ['€900', /not in pounds/],
    ['$900', /not in pounds/],
    ['900 USD', /not in pounds/],
    ['10000000.01', /more than/],
    ['9'.repeat(400), /more than/],
    ['NaN', /not an amount/],
    ['free', /not an amount/],
    ['٣', /not an amount/],
    ['', /not an amount/],
  ])('%s is refused', (text, message) => {
    expect(readPounds(text)).toMatchObject({ ok: false, message: expect.stringMatching(message) as string });
  });

  it('take back the binary fraction that a workbook stores, but only from a workbook', () => {
    expect(readPounds('899.99000000000001', true)).toEqual({ ok: true, pence: 89_999 });
    expect(readPounds('899.99000000000001')).toMatchObject({ ok: false });
    expect(readPounds('899.994', true)).toMatchObject({ ok: false });
  });

  it('are the pence that were written, whatever the amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (pence) => {
        const amount = (pence / 100).toLocaleString('en-GB', { style: 'currency', currency: 'GBP' });
        expect(readPounds(amount)).toEqual({ ok: true, pence });
      }),
    );
  });
});
