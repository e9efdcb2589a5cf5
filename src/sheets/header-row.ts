/** Most columns that a file may have. */
export const MOST_COLUMNS = 200;
const LONGEST_HEADER = 200;

/**
 * The documented rule by which headers are compared: letters and digits only, in lower case, so that `Serial No.`,
 * `serial_no` and ` SerialNo ` are one.
 */
export function headerKey(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** The first few headers, as a sentence names them. */
export function quotedHeaders(headers: readonly string[]): string {
  const shown = headers.slice(0, 5).map((header) => `"${header.slice(0, 60)}"`);
  return shown.join(', ') + (headers.length > 5 ? ` and ${headers.length - 5} more` : '');
}

/** The headers without spaces around them, and without empty ones at the end. */
export function trimmedHeaders(row: readonly string[]): readonly string[] {
  const headers = row.map((header) => header.trim());
  return headers.slice(0, headers.findLastIndex((header) => header !== '') + 1);
}

/** Sentences that say why columns cannot be told apart by these headers: too many, empty, too long, or the same twice. */
export function headerProblems(headers: readonly string[]): string[] {
  if (headers.length > MOST_COLUMNS) {
    return [
      `The file has ${headers.length} columns; at most ${MOST_COLUMNS} are read. Remove the columns that are not needed.`,
    ];
  }
  const problems: string[] = [];
  const seen = new Map<string, number>();
  for (const [index, header] of headers.entries()) {
    const key = headerKey(header);
    if (key === '') problems.push(`Column ${index + 1} has no header. Give it one, or remove the column.`);
    else if (header.length > LONGEST_HEADER)
      problems.push(`The header of column ${index + 1} is longer than ${LONGEST_HEADER} characters. Shorten it.`);
    else if (seen.has(key))
      problems.push(
        `The header "${header.slice(0, 60)}" stands twice, in columns ${(seen.get(key) ?? 0) + 1} and ${index + 1}. Rename or remove one.`,
      );
    else seen.set(key, index);
  }
  return problems.slice(0, 20);
}
