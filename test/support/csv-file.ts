import { get, type IncomingMessage } from 'node:http';
import { parse } from 'csv-parse/sync';
import { apiHeaders } from './signed-in-fetch.js';

/** The rows of a file by heading, with the apostrophes that make it safe still in it. */
export function rowsOfCsv(file: ArrayBuffer): Record<string, string>[] {
  // `Response.text()` would take the byte order mark away.
  return parse(Buffer.from(file), { bom: true, columns: true, record_delimiter: '\r\n' });
}

/** Asks for a file on a connection of its own; nothing is read of it yet. */
export async function openFile(address: string): Promise<IncomingMessage> {
  const headers = await apiHeaders(new URL(address).origin);
  return new Promise((resolve, reject) => {
    get(address, { agent: false, headers }, resolve).on('error', reject);
  });
}

/** Reads a file to its end, or to where the connection is cut. */
export async function readFileThrough(answer: IncomingMessage): Promise<{ bytes: number; whole: boolean }> {
  let bytes = 0;
  await new Promise((resolve) => {
    answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
    answer.on('error', resolve).on('close', resolve);
  });
  return { bytes, whole: answer.complete };
}
