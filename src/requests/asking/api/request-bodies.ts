import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { isDay } from '../../../common/instant.js';
import { visibleText } from '../../../common/visible-text.js';
import { GUID } from '../../../web/query-fields.js';
import { MOST_OF_ONE } from '../../domain/line-plan.js';
import { DELIVERIES, type Delivery } from '../../domain/request-words.js';
import { LONGEST_REASON, MOST_LINES, MOST_PEOPLE } from '../draft-check.js';

const LARGEST_ID = 2_147_483_647;
const LINES = /^(?:[^\p{Cc}\p{Cs}]|\n)+$/u;
const ENTRA_ID = { message: 'give an object id in Entra ID' };

function OptionalText(description: string, longest: number): PropertyDecorator {
  return applyDecorators(
    IsOptional(),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? visibleText(value) : value)),
    Matches(LINES, { message: 'give a text without control characters' }),
    MaxLength(longest, { message: `give at most ${longest} characters` }),
    ApiPropertyOptional({ type: String, description, nullable: true, maxLength: longest }),
  );
}

function Whole(description: string, maximum: number): PropertyDecorator {
  const message = `give a whole number from 1 to ${maximum}`;
  return applyDecorators(
    IsInt({ message }),
    Min(1, { message }),
    Max(maximum, { message }),
    ApiProperty({ type: 'integer', description, minimum: 1, maximum }),
  );
}

function OptionalId(description: string): PropertyDecorator {
  const message = 'give a number';
  return applyDecorators(
    IsOptional(),
    IsInt({ message }),
    Min(1, { message }),
    Max(LARGEST_ID, { message }),
    ApiPropertyOptional({ type: 'integer', description, nullable: true }),
  );
}

/** So many of one product. */
export class ItemBody {
  @Whole('Number of the product.', LARGEST_ID)
  productId: number;

  @Whole('How many for each person.', MOST_OF_ONE)
  quantity: number;
}

/** A line of a draft. */
export class LineBody extends ItemBody {
  @Matches(GUID, ENTRA_ID)
  @ApiProperty({ type: String, format: 'uuid', description: 'Object id of whom it is for.' })
  beneficiaryEntraId: string;

  @OptionalId('The bundle that it is part of.')
  bundleId?: number | null;

  @OptionalText('Why a rule is not kept; whoever decides reads it.', LONGEST_REASON)
  exceptionReason?: string | null;

  @OptionalText('Why assistive technology is needed; only you, the person and whoever decides read it.', LONGEST_REASON)
  privateReason?: string | null;

  @OptionalId('The machine that is given back for it.')
  replacesDeviceId?: number | null;
}

/** What can be changed of a draft. What is left out stays as it is; null empties it. */
export class RequestChangeBody {
  @IsOptional()
  @ValidateBy({
    name: 'isDay',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isDay(value),
      defaultMessage: () => 'give a day such as 2026-11-23',
    },
  })
  @ApiPropertyOptional({
    type: String,
    format: 'date',
    nullable: true,
    description: 'A working day; needed to submit.',
  })
  neededBy?: string | null;

  @IsOptional()
  @IsIn(DELIVERIES, { message: `give one of ${DELIVERIES.join(', ')}` })
  @ApiPropertyOptional({ type: String, enum: [...DELIVERIES], description: 'To a site unless said otherwise.' })
  delivery?: Delivery;

  @OptionalText('Site to which it is delivered.', 200)
  site?: string | null;

  @OptionalText('What it is for.', LONGEST_REASON)
  reason?: string | null;

  @OptionalText('Code of the cost centre that pays.', 50)
  costCentreCode?: string | null;

  @IsOptional()
  @IsArray({ message: 'give a list' })
  @ArrayMaxSize(MOST_LINES, { message: `give at most ${MOST_LINES}` })
  @ValidateNested({ each: true })
  @Type(() => LineBody)
  @ApiPropertyOptional({ type: [LineBody], description: 'All lines; they take the place of those there were.' })
  lines?: LineBody[];
}

/** A draft to begin: its lines one by one, or the same things for each of some people. */
export class RequestBody extends RequestChangeBody {
  @IsOptional()
  @IsArray({ message: 'give a list' })
  @ArrayMaxSize(MOST_PEOPLE, { message: `give at most ${MOST_PEOPLE}` })
  @Matches(GUID, { each: true, ...ENTRA_ID })
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    description: 'Object ids of people who get the same; yourself unless given.',
  })
  people?: string[];

  @OptionalId('Number of a bundle for each of the people.')
  bundleId?: number | null;

  @IsOptional()
  @IsIn([true, false], { message: 'give true or false' })
  @ApiPropertyOptional({ type: Boolean, description: 'Each person’s bundle by their work style.' })
  byWorkStyle?: boolean;

  @IsOptional()
  @IsArray({ message: 'give a list' })
  @ArrayMaxSize(100, { message: 'give at most 100' })
  @ValidateNested({ each: true })
  @Type(() => ItemBody)
  @ApiPropertyOptional({ type: [ItemBody], description: 'Single items for each of the people.' })
  items?: ItemBody[];
}

/** What is said when a draft is submitted. */
export class SubmissionBody {
  @OptionalText('Why rules are not kept, for every line that needs such a reason and has none.', LONGEST_REASON)
  exceptionReason?: string | null;

  @IsOptional()
  @IsInt({ message: 'give a whole number of pence' })
  @Min(0, { message: 'give a whole number of pence' })
  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    description: 'The amount that you looked at; when it has changed, nothing is submitted.',
  })
  totalPence?: number | null;
}

/** Why a request is cancelled. */
export class CancellationBody {
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? visibleText(value) : value))
  @Matches(LINES, { message: 'give a text without control characters' })
  @MaxLength(LONGEST_REASON, { message: `give at most ${LONGEST_REASON} characters` })
  @ApiProperty({ type: String, minLength: 1, maxLength: LONGEST_REASON })
  reason: string;
}
