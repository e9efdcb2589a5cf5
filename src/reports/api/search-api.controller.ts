import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { Access } from '../../auth/access.decorator.js';
import { InputError } from '../../common/errors.js';
import { Answers } from '../../web/api-schema.js';
import { WholeNumberField } from '../../web/query-fields.js';
import { LONGEST_SEARCH } from '../domain/search-text.js';
import { SearchQueries } from '../search.queries.js';
import { searchResult } from './search.schema.js';

/** What a search through the API can be asked. */
export class SearchApiParameters {
  @IsString({ message: 'give one text' })
  @MaxLength(LONGEST_SEARCH, { message: `give at most ${LONGEST_SEARCH} characters` })
  @ApiProperty({
    type: String,
    description:
      'Serial number, asset tag, hostname (also a former one), model, name, user principal name or mail address, or ' +
      'several words in any order. Case, accents, spaces, dashes and control characters do not count.',
    example: 'smith latitude',
    maxLength: LONGEST_SEARCH,
  })
  q: string;

  @WholeNumberField('Most results of each kind.', { minimum: 1, maximum: 100, default: 20 })
  limit?: number;
}

/** The one box, for programs. */
@ApiTags('Search')
@Controller('api/v1')
export class SearchApiController {
  constructor(private readonly searches: SearchQueries) {}

  @Get('search')
  @Access('estate:read')
  @Header('content-type', 'application/json; charset=utf-8')
  @Answers({
    summary: 'Find devices and people',
    description: 'Exact matches first, then beginnings, then what looks or is spelled nearly so.',
    schema: searchResult,
  })
  async search(@Query() { q, limit = 20 }: SearchApiParameters): Promise<string> {
    const answer = await this.searches.findAsJson(q, limit);
    if (answer !== null) return answer;
    const message = 'give at least two letters or digits';
    throw new InputError('Put these parameters right: q.', [{ field: 'q', message }], 400);
  }
}
