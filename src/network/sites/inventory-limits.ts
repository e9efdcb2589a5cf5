/** Largest numbers that are believed; the database refuses what is larger. */
export const MOST = { places: 100_000, kbps: 1_000_000_000, sessions: 1_000_000 } as const;

/** Most characters of texts. */
export const LONGEST = { name: 200, floors: 500, range: 50, note: 500 } as const;
