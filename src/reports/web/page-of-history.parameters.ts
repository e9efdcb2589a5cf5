import { IsOptional, Matches } from 'class-validator';

/** Which part of a machine's history its page shows. */
export class HistoryParameters {
  /** `next` of the part shown before. */
  @IsOptional()
  @Matches(/^[A-Za-z0-9_-]{1,4000}$/, { message: 'follow the link "Earlier", or leave it out' })
  before?: string;
}
