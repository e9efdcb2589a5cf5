import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
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
} from 'class-validator';
import { isDay } from '../../../common/instant.js';
import { visibleText } from '../../../common/visible-text.js';
import { WORK_STYLES, type WorkStyle } from '../../domain/move-words.js';

const LARGEST_ID = 2_147_483_647;
const ONE_LINE = /^[^\p{Cc}\p{Cs}]+$/u;

type Field = PropertyDecorator;

function compose(...decorators: readonly Field[]): Field {
  return (target, key) => decorators.forEach((decorator) => decorator(target, key));
}

function Whole(minimum: number, maximum: number): Field {
  const message = `give a whole number from ${minimum} to ${maximum}`;
  return compose(
    IsInt({ message }),
    Min(minimum, { message }),
    Max(maximum, { message }),
    ApiProperty({ type: 'integer', minimum, maximum }),
  );
}

function Text(longest: number, example: string): Field {
  return compose(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? visibleText(value) : value)),
    Matches(ONE_LINE, { message: 'give a text without control characters' }),
    MaxLength(longest, { message: `give at most ${longest} characters` }),
    ApiProperty({ type: String, minLength: 1, maxLength: longest, example }),
  );
}

function Day(): Field {
  return compose(
    ValidateBy({
      name: 'isDay',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isDay(value),
        defaultMessage: () => 'give a day such as 2026-11-23',
      },
    }),
    ApiProperty({ type: String, format: 'date', example: '2026-11-23' }),
  );
}

/** A slot to book, or whose waiting list to join. */
export class SlotBody {
  @Whole(1, LARGEST_ID)
  slotId: number;
}

/** A day on which the laptop is to arrive. */
export class DeliveryBody {
  @Day()
  deliverOn: string;
}

/** Why something is cancelled or closed. */
export class ShortReasonBody {
  @Text(500, 'Ill')
  reason: string;
}

/** What is true of an appointment instead of what was said. */
export class CorrectionBody extends ShortReasonBody {
  @IsIn(['attended', 'missed'], { message: 'give attended or missed' })
  @ApiProperty({ type: String, enum: ['attended', 'missed'] })
  state: 'attended' | 'missed';
}

/** The carrier's number. */
export class TrackingBody {
  @Text(60, 'JD0002')
  tracking: string;
}

/** Places of a slot. */
export class CapacityBody {
  @Whole(1, 100)
  capacity: number;
}

/** Days on which nobody is booked. */
export class ClosureBody extends ShortReasonBody {
  @IsOptional()
  @Matches(ONE_LINE, { message: 'give a text without control characters' })
  @MaxLength(200, { message: 'give at most 200 characters' })
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 200, description: 'Every site without it.' })
  site?: string | null;

  @Day()
  fromDay: string;

  @Day()
  untilDay: string;
}

/** Slots to be made. */
export class SlotsBody {
  @Text(200, 'Civic Centre')
  site: string;

  @Text(256, 'ada.lovelace@council.example')
  engineer: string;

  @Day()
  fromDay: string;

  @Day()
  untilDay: string;

  @IsArray({ message: 'give a list' })
  @ArrayMaxSize(7, { message: 'give at most 7' })
  @IsIn([1, 2, 3, 4, 5, 6, 7], { each: true, message: 'give numbers from 1 for Monday to 7 for Sunday' })
  @ApiProperty({ type: 'array', items: { type: 'integer', minimum: 1, maximum: 7 } })
  weekdays: number[];

  @IsArray({ message: 'give a list' })
  @ArrayMaxSize(24, { message: 'give at most 24' })
  @Matches(/^([01]\d|2[0-3]):[0-5]\d$/, { each: true, message: 'give times such as 09:30' })
  @ApiProperty({ type: 'array', items: { type: 'string', example: '09:30' } })
  startTimes: string[];

  @Whole(5, 600)
  minutes: number;

  @Whole(1, 100)
  capacity: number;

  @Whole(0, 30)
  cutOffDays: number;

  @IsOptional()
  @IsIn([true, false], { message: 'give true or false' })
  @ApiPropertyOptional({ type: Boolean, description: 'Only show what would be made.' })
  trial?: boolean;
}

/** A wave to be made; without any of the last four its members are chosen by hand. */
export class WaveBody {
  @Text(120, 'Wave 1')
  name: string;

  @Day()
  startsOn: string;

  @Day()
  endsOn: string;

  @IsOptional()
  @Text(200, 'Resources')
  directorate?: string;

  @IsOptional()
  @Text(200, 'Finance')
  team?: string;

  @IsOptional()
  @Text(200, 'Town Hall')
  site?: string;

  @IsOptional()
  @IsIn(WORK_STYLES, { message: `give one of ${WORK_STYLES.join(', ')}` })
  @ApiPropertyOptional({ type: String, enum: [...WORK_STYLES] })
  workStyle?: WorkStyle;
}

/** Members to take in or out. */
export class MembersBody {
  @IsIn(['query', 'add', 'remove'], { message: 'give one of query, add, remove' })
  @ApiProperty({ type: String, enum: ['query', 'add', 'remove'] })
  action: 'query' | 'add' | 'remove';

  @IsOptional()
  @IsArray({ message: 'give a list' })
  @ArrayMaxSize(1_000, { message: 'give at most 1000' })
  @IsInt({ each: true, message: 'give numbers of moves' })
  @Min(1, { each: true, message: 'give numbers of moves' })
  @Max(LARGEST_ID, { each: true, message: 'give numbers of moves' })
  @ApiPropertyOptional({ type: 'array', items: { type: 'integer' } })
  moves?: number[];
}
