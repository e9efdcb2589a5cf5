import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsString, Matches, MaxLength, ValidateNested } from 'class-validator';
import { WORK_STYLES, type WorkStyle } from '../../../rollout/domain/move-words.js';
import { Choice, Flag, Line, OptionalLine, OptionalWhole, Whole } from '../../../web/body-fields.js';
import { PRODUCT_KINDS, type ProductKind } from '../../domain/product-words.js';
import type { BundleInput } from '../bundles.service.js';
import type { ProductInput } from '../products.service.js';

const ID = { minimum: 1, maximum: 2_147_483_647 };
/** Entries of one list at the most. */
const MOST_ENTRIES = 100;

/** Texts of one line. */
export const ONE_LINE = /^[^\p{Cc}\p{Cs}]*$/u;

/** A list of objects, each checked by its own class. */
export function ListOf(type: () => new () => object, description: string, most = MOST_ENTRIES): PropertyDecorator {
  return applyDecorators(
    IsArray({ message: 'give a list' }),
    ArrayMaxSize(most, { message: `give at most ${most}` }),
    ValidateNested({ each: true, message: 'give a list of objects' }),
    Type(type),
    ApiProperty({ type, isArray: true, description }),
  );
}

/** Something that can be had instead. */
export class AlternativeBody {
  @Whole('The other product.', ID)
  productId: number;

  @OptionalLine('What it is good for.', 500)
  note?: string | null;
}

/** What is said of a product. */
export class ProductBody {
  @Line('Unlike any other product.', 200)
  name: string;

  @Choice('Kind of product.', PRODUCT_KINDS)
  kind: ProductKind;

  @OptionalLine('What whoever asks for it reads.', 2_000)
  description?: string | null;

  @Flag('Whether each has a serial number and is a machine of custody; else it is counted.')
  serialised: boolean;

  @Whole('Price of one, in pence.', { minimum: 0, maximum: 10_000_000 })
  pricePence: number;

  @OptionalWhole('Most for one person.', { minimum: 1, maximum: 100 })
  mostEach?: number | null;

  @Flag('Whether it is given only with a reason.')
  reasonNeeded: boolean;

  @Flag('Whether whoever gets it gives back the machine that it replaces.')
  replacesKind: boolean;

  @Flag('Whether it can be asked for.')
  offered: boolean;

  @IsArray({ message: 'give a list' })
  @ArrayMaxSize(MOST_ENTRIES, { message: `give at most ${MOST_ENTRIES}` })
  @IsString({ each: true, message: 'give names of models' })
  @Matches(ONE_LINE, { each: true, message: 'give texts without control characters' })
  @MaxLength(300, { each: true, message: 'give at most 300 characters' })
  @ApiProperty({
    type: 'array',
    items: { type: 'string', maxLength: 300 },
    description: 'Manufacturer and model as machines of it call themselves, in any case.',
  })
  models: string[];

  @ListOf(() => AlternativeBody, 'What somebody can have instead.')
  alternatives: AlternativeBody[];
}

export function productInput({ description, mostEach, alternatives, ...product }: ProductBody): ProductInput {
  return {
    ...product,
    description: description ?? null,
    mostEach: mostEach ?? null,
    alternatives: alternatives.map(({ productId, note }) => ({ productId, note: note ?? null })),
  };
}

/** So many of one product. */
export class BundleLineBody {
  @Whole('The product.', ID)
  productId: number;

  @Whole('How many.', { minimum: 1, maximum: 20 })
  quantity: number;
}

/** What is said of a bundle. */
export class BundleBody {
  @Line('Unlike any other bundle.', 200)
  name: string;

  @Choice('Who is offered it first; `any` for one that suits anybody.', ['any', ...WORK_STYLES])
  workStyle: WorkStyle | 'any';

  @OptionalLine('What whoever asks for it reads.', 2_000)
  description?: string | null;

  @Flag('Whether it can be asked for.')
  offered: boolean;

  @ListOf(() => BundleLineBody, 'Each product once.')
  lines: BundleLineBody[];
}

export function bundleInput({ workStyle, description, name, offered, lines }: BundleBody): BundleInput {
  return {
    name,
    offered,
    workStyle: workStyle === 'any' ? null : workStyle,
    description: description ?? null,
    lines: lines.map(({ productId, quantity }) => ({ productId, quantity })),
  };
}
