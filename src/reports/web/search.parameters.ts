import { IsIn, IsOptional, IsString } from 'class-validator';

/** How many results of each kind a page shows: first, and once more is asked for. */
export const SHOWN_FIRST = 20;
export const SHOWN_THEN = 100;

/** What the search page is asked. Whatever a scanner or a paste sends is taken; the page says when it is too much. */
export class SearchParameters {
  @IsOptional()
  @IsString({ message: 'give one text' })
  q?: string;

  /** Keeps the list where a single exact result would be gone to at once. */
  @IsOptional()
  @IsIn(['1'], { message: 'give 1 or leave it out' })
  list?: string;

  @IsOptional()
  @IsIn([String(SHOWN_THEN)], { message: `give ${SHOWN_THEN} or leave it out` })
  show?: string;
}

/** What the suggestions are asked. */
export class SuggestionParameters {
  @IsOptional()
  @IsString({ message: 'give one text' })
  q?: string;
}
