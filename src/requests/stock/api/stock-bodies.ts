import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsInt, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { Line, OptionalLine, OptionalWhole, Whole } from '../../../web/body-fields.js';
import { ReasonBody } from '../../../web/reason.parameters.js';
import { MOST_MOVED } from '../../domain/stock-words.js';
import { MOST_SERIALS } from '../counts.service.js';
import { MOST_MACHINES } from '../machine-transfers.service.js';
import { ListOf, ONE_LINE } from './catalogue-bodies.js';

const ID = { minimum: 1, maximum: 2_147_483_647 };
const THRESHOLD = { minimum: 0, maximum: 100_000 };

/** A place where stock is kept. */
export class PlaceBody {
  @Line('As custody spells it; upper and lower case are the same.', 200)
  name: string;
}

/** A product to be watched at a place. */
export class WatchBody {
  @Whole('The product.', ID)
  productId: number;

  @Whole('The place.', ID)
  placeId: number;

  @Whole('Fewer free ones than this are too few.', THRESHOLD)
  threshold: number;
}

/** The threshold of a level. */
export class ThresholdBody {
  @OptionalWhole('Fewer free ones than this are too few; null not to watch it.', THRESHOLD)
  threshold?: number | null;
}

/** Accessories to be sent. */
export class TransferBody {
  @Whole('The product, one without serial numbers.', ID)
  productId: number;

  @Whole('Where they are.', ID)
  fromPlaceId: number;

  @Whole('Where they are to be.', ID)
  toPlaceId: number;

  @Whole('How many.', { minimum: 1, maximum: MOST_MOVED })
  quantity: number;

  @OptionalLine('The carrier’s number.', 100)
  tracking?: string | null;
}

/** Machines by the numbers of their devices. */
export class MachinesBody {
  @IsArray({ message: 'give a list' })
  @ArrayMinSize(1, { message: 'give at least one' })
  @ArrayMaxSize(MOST_MACHINES, { message: `give at most ${MOST_MACHINES}` })
  @IsInt({ each: true, message: 'give numbers of devices' })
  @Min(ID.minimum, { each: true, message: 'give numbers of devices' })
  @Max(ID.maximum, { each: true, message: 'give numbers of devices' })
  @ApiProperty({ type: 'array', items: { type: 'integer' }, description: 'Numbers of the devices.' })
  deviceIds: number[];
}

/** Machines to be sent to a place. */
export class MachineTransferBody extends MachinesBody {
  @Whole('Where they are to be.', ID)
  toPlaceId: number;

  @OptionalLine('The carrier’s number.', 100)
  tracking?: string | null;
}

/** How many arrived. */
export class ArrivalBody {
  @Whole('How many.', { minimum: 1, maximum: MOST_MOVED })
  quantity: number;
}

/** How many are lost, and why. */
export class LossBody extends ReasonBody {
  @Whole('How many.', { minimum: 1, maximum: MOST_MOVED })
  quantity: number;
}

/** Machines that are lost, and why. */
export class MachineLossBody extends MachinesBody {
  @Line('What is known of it.', 500)
  reason: string;
}

/** A place to be counted. */
export class CountBody {
  @Whole('The place.', ID)
  placeId: number;
}

/** What was counted of a product. */
export class CountedBody {
  @Whole('The product, one without serial numbers.', ID)
  productId: number;

  @OptionalWhole('How many are there; null takes back what was entered.', THRESHOLD)
  counted?: number | null;

  @OptionalLine('Why it is not what was expected.', 500)
  reason?: string | null;
}

/** Figures of a count. */
export class FiguresBody {
  @ListOf(() => CountedBody, 'Each product once.', 500)
  lines: CountedBody[];
}

/** Serial numbers that were scanned. */
export class SerialsBody {
  @IsArray({ message: 'give a list' })
  @ArrayMinSize(1, { message: 'give at least one' })
  @ArrayMaxSize(MOST_SERIALS, { message: `give at most ${MOST_SERIALS}` })
  @IsString({ each: true, message: 'give serial numbers' })
  @Matches(ONE_LINE, { each: true, message: 'give texts without control characters' })
  @MaxLength(128, { each: true, message: 'give at most 128 characters' })
  @ApiProperty({ type: 'array', items: { type: 'string', maxLength: 128 } })
  serials: string[];
}
