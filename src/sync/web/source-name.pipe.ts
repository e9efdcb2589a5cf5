import { Injectable, type PipeTransform } from '@nestjs/common';
import { NotFoundError } from '../../common/errors.js';
import { SOURCE_NAMES, type SourceName } from '../../config/sources.js';

/** The name of a source in a path. */
@Injectable()
export class SourceNamePipe implements PipeTransform<string, SourceName> {
  transform(value: string): SourceName {
    const name = SOURCE_NAMES.find((known) => known === value);
    if (name === undefined)
      throw new NotFoundError(`There is no source of this name. There are ${SOURCE_NAMES.join(', ')}.`);
    return name;
  }
}
