/** How large an imported file may be. */
export interface ImportLimits {
  /** Bytes of the file as it is sent. */
  readonly bytes: number;
  /** Bytes of a workbook once unpacked. */
  readonly unpackedBytes: number;
  /** Rows below the header. */
  readonly rows: number;
  /** Characters of one row. */
  readonly rowCharacters: number;
}

/** Twice the 100,000 machines of a very large council, with room for long rows. */
export const IMPORT_LIMITS: ImportLimits = {
  bytes: 100 * 1024 * 1024,
  unpackedBytes: 1024 * 1024 * 1024,
  rows: 200_000,
  rowCharacters: 131_072,
};

/** Problems of the file and its rows that an answer lists at the most; the rest are counted. */
export const MOST_LISTED_PROBLEMS = 100;
