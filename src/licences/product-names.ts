import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';

/** A row of the list: Microsoft's id, short name (such as `SPE_E3`) and name of a product. */
interface ProductRow {
  readonly guid: string;
  readonly string_id: string;
  readonly display_name: string;
}

/**
 * Microsoft's "Product names and service plan identifiers for licensing" (learn.microsoft.com/entra/identity/users/
 * licensing-service-plan-reference), state of July 2026, by lower-cased product id.
 */
const NAMES: ReadonlyMap<string, string> = new Map(
  parse<ProductRow>(readFileSync(path.join(import.meta.dirname, 'data', 'skus.csv')), {
    columns: true,
    bom: true,
    trim: true,
  }).map((row) => [row.guid.toLowerCase(), row.display_name]),
);

/** The product's name in Microsoft's list; else its part number; else its id. Never empty. */
export function productName(skuId: string, partNumber: string | null): string {
  const id = skuId.trim().toLowerCase();
  return NAMES.get(id) || partNumber?.trim() || id;
}
