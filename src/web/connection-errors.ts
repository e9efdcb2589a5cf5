import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { HttpException } from '@nestjs/common';
import { describeProblem } from './problem.js';
import { PROBLEM_JSON, problemDocument } from './problem-replies.js';

/** Statuses for what Node's parser stumbles over (Node.js documentation, "Common system errors" and HTTP parser codes). */
const STATUSES: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers a connection that did not send a readable request, with the same headers as every answer, and closes it. */
export function refuseConnection(
  error: { readonly code?: string },
  socket: Socket,
  headers: Readonly<Record<string, string>>,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUSES[error.code ?? ''] ?? 400;
  const id = randomUUID();
  const body = problemDocument(describeProblem(new HttpException('', status)), id);
  const head = {
    ...headers,
    'x-request-id': id,
    'content-type': PROBLEM_JSON,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}
