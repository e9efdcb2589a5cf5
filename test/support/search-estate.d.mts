export function insertSearchEstate(query: (sql: string) => Promise<unknown>, devices: number): Promise<void>;
export function rebuildSearch(query: (sql: string) => Promise<unknown>): Promise<void>;
