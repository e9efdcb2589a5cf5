import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsObject,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  ValidateNested,
} from 'class-validator';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const AS_A_DAY = { message: 'give a day such as 2027-01-31' };
const ONE_LINE = { message: 'give a text without control characters' };

function Names(): PropertyDecorator {
  return (target, property) => {
    IsArray({ message: 'give a list' })(target, property);
    ArrayMaxSize(200, { message: 'list at most 200' })(target, property);
    IsString({ each: true, message: 'list texts' })(target, property);
    MaxLength(200, { each: true, message: 'give at most 200 characters each' })(target, property);
    ApiProperty({ type: [String] })(target, property);
  };
}

/** Who and which machines a programme is about, as the directory spells them. */
export class ScopeBody {
  @Names()
  directorates: string[];

  @Names()
  sites: string[];

  @Names()
  exceptEmployeeTypes: string[];

  @Names()
  exceptTeams: string[];

  @IsBoolean({ message: 'give true or false' })
  @ApiProperty({ type: Boolean })
  includePeopleWithoutDesktop: boolean;
}

/** What is planned of a programme. */
export class ProgrammeBody {
  @IsString({ message: 'give a text' })
  @Matches(/^[^\p{Cc}\p{Cs}]*$/u, ONE_LINE)
  @MaxLength(120, { message: 'give at most 120 characters' })
  @MinLength(1, { message: 'give a name' })
  @ApiProperty({ type: String, minLength: 1, maxLength: 120 })
  name: string;

  @Matches(DAY, AS_A_DAY)
  @ApiProperty({ type: String, format: 'date' })
  startsOn: string;

  @Matches(DAY, AS_A_DAY)
  @ApiProperty({ type: String, format: 'date' })
  targetOn: string;

  @IsObject({ message: 'give a scope' })
  @ValidateNested({ message: 'give a scope' })
  @Type(() => ScopeBody)
  @ApiProperty({ type: ScopeBody })
  scope: ScopeBody;
}
