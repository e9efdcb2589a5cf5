import type { OpenAPIObject } from '@nestjs/swagger';
import { answerSchema, schemaViolations } from '../support/answer-schema.js';
import { personId } from '../support/custody-fixture.js';
import { answerMove, READINESS_SETTINGS } from '../support/readiness-fixture.js';
import { startRollout } from '../support/rollout-fixture.js';
import { checkHome, enterSite, networkGate } from '../support/site-network-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const MANAGER = personId(1);

/** Something of everything that the answers about networks show. */
async function everything({ dataSource }: TestDatabase): Promise<void> {
  const rollout = await startRollout(dataSource, { people: 4, laptops: 4, settings: READINESS_SETTINGS });
  await enterSite(dataSource, 'Civic Centre', { downloadKbps: 900 });
  await enterSite(dataSource, 'Library', { survey: null });
  await checkHome(dataSource, MANAGER);
  for (const move of rollout.moves) await answerMove(dataSource, move, 'local-data', 'none');
  await dataSource.query(`
    insert into remote_access (name, sessions, download_kbps, upload_kbps, all_traffic, changed_by)
    values ('Gateway', 2, 1000, 1000, true, 'person:x');
    insert into network_range (kind, network, site_id, remote_access_id, note, changed_by)
    values ('site_subnet', '10.1.0.0/16', 1, null, 'First floor', 'person:x'), ('egress', '203.0.113.7', null, null, null, 'person:x'),
      ('remote_access', '2001:db8::/48', null, 1, null, 'person:x');
    insert into area_coverage (area_kind, area_code, snapshot, area_name, superfast_percent)
    values ('authority', 'E06000045', '2024-07-01', 'Southampton', 98.1);
    insert into network_settings (version, settings, reason, actor) values (1, '{}', 'As it was', 'person:x');
    insert into network_import (kind, state, format, content_hash, created_by, checked_at)
    values ('sites', 'checked', 'csv', repeat('a', 64), 'person:x', now());
    insert into network_import_row (import_id, line, outcome, fields, problems)
    values (1, 2, 'new', '{"name": "Depot"}', '[]'),
      (1, 3, 'refused', '{"name": ""}', '[{"severity": "refused", "column": "name", "message": "is empty", "fix": "Enter a name"}]');
    update wifi_survey set evidence = 'x', evidence_hash = repeat('a', 64), evidence_name = 'survey.pdf', evidence_type = 'application/pdf';
  `);
  const { readiness, transactor } = networkGate(dataSource);
  await transactor.run((tx) => readiness.evaluate(tx, rollout.programmeId, 'all', new Date()));
}

describe('the API of networks', () => {
  let database: TestDatabase;
  let web: TestWeb;
  beforeAll(async () => {
    database = await createTestDatabase();
    await everything(database);
    web = await startTestWeb(database);
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  it('answers exactly what the document says', async () => {
    const token = await web.tokenFor({ role: 'rollout-manager', person: MANAGER });
    const document = (await (await fetch(`${web.url}/api/openapi.json`)).json()) as OpenAPIObject;
    // Files are no JSON: evidence, and the templates of imports.
    const routes = Object.keys(document.paths).filter(
      (route) =>
        document.paths[route]?.get !== undefined &&
        /^\/api\/v1\/(network|me)\/(?!.*([.]csv|evidence|\{kind\})$)/.test(route),
    );
    expect(routes.length).toBeGreaterThan(15);
    for (const route of routes) {
      const answer = await fetch(web.url + route.replace('{id}', '1'), {
        headers: { authorization: `Bearer ${token}` },
      });
      expect([route, answer.status]).toEqual([route, 200]);
      const body = (await answer.json()) as Record<string, unknown>;
      expect([route, schemaViolations(body, answerSchema(document, route))]).toEqual([route, []]);
      const list = Array.isArray(body) ? body : body['items'];
      expect([route, Array.isArray(list) && list.length === 0]).toEqual([route, false]);
    }
  });
});
