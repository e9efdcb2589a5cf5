import { applyDecorators } from '@nestjs/common';
import { ApiProperty, OmitType } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsInt, Max, Min } from 'class-validator';
import { ChoiceField, ColumnsField, FlagField, PageParameters, WholeNumberField } from '../../web/query-fields.js';
import { DECISION_KINDS, type DecisionKind } from '../identity.queries.js';
import { DECISION_COLUMNS, REVIEW_COLUMNS } from '../identity.columns.js';
import { REVIEW_KINDS, type ReviewKind } from '../domain/identity/machines.js';
import { ReasonBody } from '../../web/reason.parameters.js';

/** Largest number of a Postgres `integer`. */
const LARGEST_ID = 2_147_483_647;
/** Most machines or records that one decision may name. */
const MOST_IDS = 1_000;

/** The answers to a review: its machines are all the same one, or all different ones. */
export const ANSWERS = ['same', 'different'] as const;

/** Which open reviews to list. */
export class ReviewsParameters extends PageParameters {
  @ChoiceField('Only reviews of this kind.', REVIEW_KINDS)
  kind?: ReviewKind;
}

/** Which open reviews to export, and the columns of the file. */
export class ReviewsExportParameters extends OmitType(ReviewsParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(REVIEW_COLUMNS)
  columns?: string;
}

/** Which decisions to list. */
export class DecisionsParameters extends PageParameters {
  @WholeNumberField('Only decisions about this device; of one that was merged, those about the device it is now.', {
    minimum: 1,
    maximum: LARGEST_ID,
  })
  deviceId?: number;

  @ChoiceField('Whether records were joined to one machine or parted into several.', DECISION_KINDS)
  kind?: DecisionKind;

  @FlagField('Whether it was undone.')
  undone?: boolean;
}

/** Which decisions to export, and the columns of the file. */
export class DecisionsExportParameters extends OmitType(DecisionsParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(DECISION_COLUMNS)
  columns?: string;
}

/** The answer to a review. */
export class SettlementBody extends ReasonBody {
  @IsIn(ANSWERS, { message: `give one of ${ANSWERS.join(', ')}` })
  @ApiProperty({ type: String, enum: [...ANSWERS] })
  decision: (typeof ANSWERS)[number];
}

/** The machines that are one. */
export class MergeBody extends ReasonBody {
  @IdsField(2, [12, 340])
  deviceIds: number[];
}

/** The records that are another machine. */
export class SplitBody extends ReasonBody {
  @IdsField(1, [4711])
  recordIds: number[];
}

/** A list of ids, each a number and not a text with digits. */
function IdsField(least: number, example: readonly number[]): PropertyDecorator {
  const message = `give a list of ${least} to ${MOST_IDS} ids, each a whole number from 1 to ${LARGEST_ID}`;
  return applyDecorators(
    IsArray({ message }),
    ArrayMinSize(least, { message }),
    ArrayMaxSize(MOST_IDS, { message }),
    IsInt({ each: true, message }),
    Min(1, { each: true, message }),
    Max(LARGEST_ID, { each: true, message }),
    ApiProperty({
      type: 'array',
      items: { type: 'integer', minimum: 1, maximum: LARGEST_ID },
      minItems: least,
      maxItems: MOST_IDS,
      example,
    }),
  );
}
