// The least that an answer can cost: a bare server with the same statement, which lets everybody in.
import { createServer } from 'node:http';
import pg from 'pg';
import { WEB_LIMITS } from '../../dist/database/data-source.js';
import { SearchQueries } from '../../dist/reports/search.queries.js';

const { host, username, database } = JSON.parse(process.argv[2]);
const master = new pg.Pool({ host, user: username, database, max: WEB_LIMITS.connections });
const searches = new SearchQueries({ driver: { master } });

const server = createServer((request, response) => {
  const text = new URL(request.url, 'http://localhost').searchParams.get('q') ?? '';
  searches.findAsJson(text, 20).then(
    (answer) => {
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.end(answer);
    },
    () => {
      response.statusCode = 500;
      response.end();
    },
  );
});
server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
process.on('message', () => process.send(process.cpuUsage()));
process.on('disconnect', () => process.exit(0));
