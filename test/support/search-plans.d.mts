export function planOf(
  query: (sql: string) => Promise<unknown[]>,
  name: string,
  statement: string,
  values: readonly (string | number)[],
): Promise<{ readonly scanned: readonly string[]; readonly pages: number }>;
export function text(value: string): string;
export function texts(values: readonly string[]): string;
