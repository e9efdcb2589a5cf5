/** So many of a product that somebody was promised and that are not reserved yet. */
export interface Wanting {
  readonly lineId: number;
  readonly productId: number;
  readonly quantity: number;
  /** Place nearest to where it goes; null when no place is. */
  readonly nearPlaceId: number | null;
}

/** How many of a product are free at a place: on hand and promised to nobody. */
export interface FreeStock {
  readonly productId: number;
  readonly placeId: number;
  readonly free: number;
}

/** What a line gets from a place. */
export interface Allotment {
  readonly lineId: number;
  readonly productId: number;
  readonly placeId: number;
  readonly quantity: number;
}

/**
 * Shares free stock out among lines, in the order in which they are given: the earlier line gets all that it can get before
 * the next is looked at. A line is served from one place if one has enough, the near one before that with the most; or
 * else from several. What stock does not give is in no allotment.
 */
export function allot(wanting: readonly Wanting[], stock: readonly FreeStock[]): Allotment[] {
  const free = stock.map((level) => ({ ...level }));
  return wanting.flatMap(({ lineId, productId, quantity, nearPlaceId }) => {
    const places = free
      .filter((level) => level.productId === productId && level.free > 0)
      .sort(
        (a, b) =>
          Number(b.free >= quantity) - Number(a.free >= quantity) ||
          Number(b.placeId === nearPlaceId) - Number(a.placeId === nearPlaceId) ||
          b.free - a.free ||
          a.placeId - b.placeId,
      );
    const allotments: Allotment[] = [];
    let missing = quantity;
    for (const place of places) {
      if (missing === 0) break;
      const taken = Math.min(place.free, missing);
      place.free -= taken;
      missing -= taken;
      allotments.push({ lineId, productId, placeId: place.placeId, quantity: taken });
    }
    return allotments;
  });
}
