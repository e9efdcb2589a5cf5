import { Transform } from 'class-transformer';
import { IsOptional, Matches, MaxLength } from 'class-validator';

/** What the search page is asked: one text, empty before anything is typed. */
export class SearchParameters {
  @MaxLength(200, { message: 'type at most 200 characters' })
  @Matches(/^[^\p{Cc}\p{Cs}]*$/u, { message: 'type a text without control characters' })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @IsOptional()
  q?: string;
}
