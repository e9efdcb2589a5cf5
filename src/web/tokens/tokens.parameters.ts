import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { MOST_DAYS, type TokenOwner } from '../../auth/api-tokens.service.js';
import { PERMISSIONS } from '../../auth/permissions.js';
import { AnyChoices, OptionalText, RequiredChoice, RequiredText } from '../form-fields.js';

const LONGEST = 100;
const LONGEST_ADDRESS = 320;

/** How long a token may live, as the form offers it. */
export const DAYS = ['7', '30', '90'] as const;

/** What the form of a new token says. */
export class NewTokenForm {
  @RequiredText('Enter what the token is for', { longest: LONGEST })
  name: string;

  @RequiredChoice('Choose whose token it is', ['service', 'person'])
  owner: 'service' | 'person';

  @OptionalText({ longest: LONGEST })
  service?: string;

  @OptionalText({ longest: LONGEST_ADDRESS })
  person?: string;

  @AnyChoices('Choose from the list', PERMISSIONS)
  scopes: string[];

  @RequiredChoice('Choose when it runs out', DAYS)
  days: (typeof DAYS)[number];
}

/** A new token as a program asks for it. */
export class NewTokenBody {
  @Matches(/^[^\p{Cc}\p{Cs}]+$/u, { message: 'say what the token is for' })
  @MaxLength(LONGEST, { message: `give at most ${LONGEST} characters` })
  @ApiProperty({ type: String, maxLength: LONGEST, example: 'Nightly export to the data warehouse' })
  name: string;

  @IsOptional()
  @IsString({ message: 'give a name such as nightly-export' })
  @MaxLength(LONGEST, { message: `give at most ${LONGEST} characters` })
  @ApiPropertyOptional({ type: String, description: 'The service that it belongs to; instead of `person`.' })
  service?: string;

  @IsOptional()
  @IsString({ message: 'give a user principal name' })
  @MaxLength(LONGEST_ADDRESS, { message: `give at most ${LONGEST_ADDRESS} characters` })
  @ApiPropertyOptional({
    type: String,
    description: 'User principal name of whom it belongs to; instead of `service`.',
  })
  person?: string;

  @IsArray({ message: 'give a list of permissions' })
  @ArrayMinSize(1, { message: 'give at least one permission' })
  @ArrayMaxSize(PERMISSIONS.length, { message: 'give each permission once' })
  @IsIn(PERMISSIONS, { each: true, message: `give permissions of these: ${PERMISSIONS.join(', ')}` })
  @ApiProperty({ type: 'array', items: { type: 'string', enum: [...PERMISSIONS] }, example: ['estate:read'] })
  scopes: string[];

  @IsInt({ message: `give a whole number from 1 to ${MOST_DAYS}` })
  @Min(1, { message: `give a whole number from 1 to ${MOST_DAYS}` })
  @Max(MOST_DAYS, { message: `give a whole number from 1 to ${MOST_DAYS}` })
  @ApiProperty({ type: 'integer', minimum: 1, maximum: MOST_DAYS, description: 'Days until it runs out.' })
  days: number;
}

/** Whose a token is to be; null unless exactly one of the two is named. */
export function ownerOf({ service, person }: { service?: string; person?: string }): TokenOwner | null {
  if (service !== undefined && person === undefined) return { service };
  return person !== undefined && service === undefined ? { person } : null;
}
