import { productName } from './product-names.js';

describe('product names', () => {
  it("are Microsoft's, whatever the case of the id", () => {
    expect(productName('05e9a617-0261-4cee-bb44-138d3ef5d965', 'SPE_E3')).toBe('Microsoft 365 E3');
    expect(productName(' 05E9A617-0261-4CEE-BB44-138D3EF5D965 ', null)).toBe('Microsoft 365 E3');
  });
  it('are the part number for products that the list does not have, and the id at the worst', () => {
    expect(productName('00000000-0000-0000-0000-00000000DEAD', ' NEW_PRODUCT ')).toBe('NEW_PRODUCT');
    expect(productName('00000000-0000-0000-0000-00000000DEAD', null)).toBe('00000000-0000-0000-0000-00000000dead');
    expect(productName('00000000-0000-0000-0000-00000000DEAD', ' ')).toBe('00000000-0000-0000-0000-00000000dead');
  });
});
