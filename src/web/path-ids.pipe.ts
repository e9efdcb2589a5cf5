import { Injectable, type PipeTransform } from '@nestjs/common';
import { InputError } from '../common/errors.js';
import { GUID } from './query-fields.js';

/** Largest number of a Postgres `integer`. */
const LARGEST_ID = 2_147_483_647;

/** The number of a record in a path: plain digits, from 1 to 2147483647. */
@Injectable()
export class RecordIdPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    const id = /^[1-9]\d{0,9}$/.test(value) ? Number(value) : 0;
    if (id < 1 || id > LARGEST_ID) {
      const message = `give a whole number from 1 to ${LARGEST_ID}`;
      throw new InputError('The id in the address is not valid.', [{ field: 'id', message }], 400);
    }
    return id;
  }
}

/** The GUID of a product in a path, in lower case afterwards. */
@Injectable()
export class GuidPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!GUID.test(value)) {
      const message = 'give an id such as 05e9a617-0261-4cee-bb44-138d3ef5d965';
      throw new InputError('The id in the address is not valid.', [{ field: 'skuId', message }], 400);
    }
    return value.toLowerCase();
  }
}
