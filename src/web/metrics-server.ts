import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { Registry } from 'prom-client';
import { isMeantForThisMachine } from './security-headers.js';

/** Serves the metrics at `/metrics` on a port of their own, on this machine only. */
export async function startMetricsServer(registry: Registry, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    if (!isMeantForThisMachine(request) || request.url !== '/metrics' || request.method !== 'GET') {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      // The database may be down; the scraper's own "up" says so.
      () => response.writeHead(503).end(),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
