import { InputError } from '../../../common/errors.js';
import type { CountedProduct } from '../counts.service.js';

interface Named {
  readonly id: number;
  readonly name: string;
}

/**
 * Figures that were pasted, such as from a spreadsheet: a product, how many, and why it differs if it does, with tabs or
 * semicolons between them, one product a line.
 * @param products that are counted
 * @param most of one product
 * @throws InputError at the field `pasted` for a line that cannot be read, and for a product that is there twice
 */
export function pastedFigures(text: string, products: readonly Named[], most: number): readonly CountedProduct[] {
  const idOf = new Map(products.map(({ id, name }) => [name.toLowerCase(), id]));
  const seen = new Set<number>();
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const [name = '', counted = '', ...rest] = line.split(line.includes('\t') ? '\t' : ';').map((part) => part.trim());
    const at = (message: string): InputError => refused(`Line ${index + 1}: ${message}`);
    const productId = idOf.get(name.toLowerCase());
    if (productId === undefined) throw at(`there is no accessory called “${name.slice(0, 100)}”`);
    if (seen.has(productId)) throw at(`“${name}” is there twice`);
    if (!/^\d{1,6}$/.test(counted) || Number(counted) > most) throw at('after the product, enter a whole number');
    const reason = rest.join('; ').trim();
    if (reason.length > 500) throw at('use at most 500 characters for the reason');
    seen.add(productId);
    return [{ productId, counted: Number(counted), reason: reason === '' ? null : reason }];
  });
}

function refused(message: string): InputError {
  return new InputError(`${message}.`, [{ field: 'pasted', message }]);
}
