/** Where a threshold stands. */
export interface ThresholdSource {
  readonly document: string;
  /** Where it can be read, or null for what the council has decided. */
  readonly page: string | null;
  /** The day of the document, or of the page as it was read (ISO 8601). */
  readonly dated: string;
}

/** `survey` is the result of a survey: 2 passed, 1 passed in part, 0 failed. */
export type ThresholdUnit =
  'kbit/s' | 'ms' | 'percent' | 'points' | 'km' | 'Mbyte/s' | 'days' | 'people' | 'sessions' | 'clients' | 'survey';

/** A figure that a network has to reach, or stay under. */
export interface Threshold {
  /** A stable name, such as `video-meeting-upload`. */
  readonly id: string;
  /** What is measured, in words for people. */
  readonly measure: string;
  readonly test: 'below' | 'at_most' | 'at_least';
  readonly value: number;
  readonly unit: ThresholdUnit;
  readonly source: ThresholdSource;
  /** True where no authority gives a figure, and the council may well choose another. */
  readonly assumption: boolean;
}

/** Whether a figure meets a threshold; in its unit. */
export function meets({ test, value }: Threshold, figure: number): boolean {
  switch (test) {
    case 'below':
      return figure < value;
    case 'at_most':
      return figure <= value;
    case 'at_least':
      return figure >= value;
  }
}
