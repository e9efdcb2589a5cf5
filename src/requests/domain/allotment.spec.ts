import { allot, type FreeStock, type Wanting } from './allotment.js';

const want = (lineId: number, quantity: number, nearPlaceId: number | null = null, productId = 1): Wanting => ({
  lineId,
  productId,
  quantity,
  nearPlaceId,
});
const at = (placeId: number, free: number, productId = 1): FreeStock => ({ productId, placeId, free });

describe('sharing free stock out', () => {
  it('serves a line from one place where one has enough, the near one first', () => {
    expect(allot([want(1, 2)], [at(1, 1), at(2, 2), at(3, 9)])).toEqual([
      { lineId: 1, productId: 1, placeId: 3, quantity: 2 },
    ]);
    expect(allot([want(1, 2, 2)], [at(1, 1), at(2, 2), at(3, 9)])).toMatchObject([{ placeId: 2, quantity: 2 }]);
    expect(allot([want(1, 2, 1)], [at(1, 1), at(2, 2)])).toMatchObject([{ placeId: 2, quantity: 2 }]);
  });

  it('serves from several places when none has enough, and leaves the rest', () => {
    expect(allot([want(1, 5, 1)], [at(1, 1), at(2, 3)])).toMatchObject([
      { placeId: 1, quantity: 1 },
      { placeId: 2, quantity: 3 },
    ]);
  });

  it('serves the earlier line first, never more than there is, and no other product', () => {
    expect(allot([want(7, 2), want(3, 2), want(4, 1, null, 2)], [at(1, 3), at(1, 0, 2)])).toEqual([
      { lineId: 7, productId: 1, placeId: 1, quantity: 2 },
      { lineId: 3, productId: 1, placeId: 1, quantity: 1 },
    ]);
    expect(allot([want(1, 1)], [])).toEqual([]);
  });
});
