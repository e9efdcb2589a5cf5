// The architecture, as data: which module under src/ may import which.
// Read a row as "left may import right". A module may always import itself. A name that ends in .ts is one file of src/.
const MAY_IMPORT = {
  common: [],
  config: ['common'],
  sheets: ['common'],
  database: ['config', 'common'],
  graph: ['config', 'common'],
  jobs: ['database', 'config', 'common'],
  audit: ['database', 'common'],
  attestation: ['audit', 'jobs', 'database', 'config', 'common'],
  auth: ['database', 'audit', 'config', 'common'],
  web: ['auth', 'audit', 'database', 'config', 'common'],
  notifications: ['jobs', 'web', 'auth', 'audit', 'database', 'config', 'common'],

  directory: ['database', 'audit', 'auth', 'web', 'common'],
  devices: ['directory', 'database', 'audit', 'auth', 'web', 'sheets', 'common'],
  licences: ['directory', 'database', 'audit', 'auth', 'web', 'common'],
  network: ['directory', 'database', 'jobs', 'audit', 'auth', 'web', 'sheets', 'config', 'common'],
  rollout: ['devices', 'network', 'directory', 'database', 'jobs', 'notifications', 'audit', 'auth', 'web', 'common'],
  requests: [
    'rollout',
    'network',
    'licences',
    'devices',
    'directory',
    'database',
    'jobs',
    'notifications',
    'audit',
    'auth',
    'web',
    'common',
  ],
  reports: [
    'requests',
    'rollout',
    'network',
    'licences',
    'devices',
    'directory',
    'database',
    'audit',
    'auth',
    'web',
    'common',
  ],

  sync: [
    'graph',
    'licences',
    'devices',
    'network',
    'directory',
    'jobs',
    'database',
    'audit',
    'auth',
    'web',
    'config',
    'common',
  ],

  demo: [],
  cli: [
    'worker.module.ts',
    'attestation',
    'notifications',
    'demo',
    'sync',
    'graph',
    'requests',
    'rollout',
    'network',
    'devices',
    'licences',
    'directory',
    'auth',
    'audit',
    'jobs',
    'database',
    'config',
    'common',
  ],
};
const SPEC = '[.]spec[.]ts$';

const pathsOf = (names) =>
  `^src/(${names.map((name) => (name.endsWith('.ts') ? `${name.replaceAll('.', '[.]')}$` : `${name}/`)).join('|')})`;

const order = Object.entries(MAY_IMPORT).map(([from, to]) => ({
  name: `order-${from}`,
  comment: `${from}/ may import only ${[...to, 'itself'].join(', ')}. See MAY_IMPORT in .dependency-cruiser.cjs.`,
  severity: 'error',
  from: { path: `^src/${from}/`, pathNot: SPEC },
  to: { path: '^src/', pathNot: pathsOf([...to, from]) },
}));

module.exports = {
  forbidden: [
    ...order,
    {
      name: 'unlisted-module',
      severity: 'error',
      comment: 'Every folder under src/ has a row in MAY_IMPORT.',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${Object.keys(MAY_IMPORT).join('|')})/` },
      to: {},
    },
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Break the circle: move the shared part down, or use an id instead of a relation.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment: 'domain/ is plain TypeScript: no Nest, no TypeORM, no I/O, no npm package.',
      from: { path: '^src/[^/]+/domain/', pathNot: SPEC },
      to: { pathNot: '^src/([^/]+/domain|common)/' },
    },
    {
      name: 'common-is-plain',
      severity: 'error',
      comment: 'common/ is plain TypeScript too.',
      from: { path: '^src/common/', pathNot: SPEC },
      to: { pathNot: '^src/common/' },
    },
    {
      name: 'others-see-only-the-front',
      severity: 'error',
      comment:
        'Of another module, import only its module, service, queries, entity, schema, columns, parameters or domain files; never its web/ or jobs.',
      from: { path: '^src/(directory|devices|licences|network|rollout|requests|reports|sync)/' },
      to: {
        path: '^src/(directory|devices|licences|network|rollout|requests|reports|sync)/',
        pathNot: '^src/$1/|[.](module|service|queries|entity|schema|columns|parameters)[.]ts$|/domain/',
      },
    },
    {
      name: 'web-asks-the-service',
      severity: 'error',
      comment:
        'A controller, form or view model calls a service or queries file; it never touches an entity or TypeORM.',
      from: { path: '^src/[^/]+/web/' },
      to: { path: '[.]entity[.]ts$|^src/database/|node_modules/(typeorm|@nestjs/typeorm)/' },
    },
    {
      name: 'reports-only-read',
      severity: 'error',
      comment: 'reports/ reads through *.queries.ts; it calls no service.',
      from: { path: '^src/reports/' },
      to: { path: '[.]service[.]ts$', pathNot: '^src/(reports|auth|web)/' },
    },
    {
      name: 'typeorm-stays-in-its-room',
      severity: 'error',
      comment: 'TypeORM belongs to database/, audit/, entities, services, queries and module files.',
      from: {
        path: '^src/',
        pathNot:
          '^src/(database|audit)/|[.](entity|service|queries|module|source)[.]ts$|^src/(cli|worker|main|app[.]module)[.]ts$',
      },
      to: { path: 'node_modules/(typeorm|@nestjs/typeorm)/' },
    },
    {
      name: 'no-barrels',
      severity: 'error',
      comment: 'Import the file itself; index.ts barrels make circles.',
      from: {},
      to: { path: '^src/.*/index[.]ts$' },
    },
    { name: 'not-to-test', severity: 'error', from: { path: '^src/', pathNot: SPEC }, to: { path: `^test/|${SPEC}` } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '^src/(main|worker|cli)[.]ts$|[.]d[.]ts$|/migrations/' },
      to: {},
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-undeclared-package',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'not-to-dev-dep',
      severity: 'error',
      from: { path: '^src/', pathNot: SPEC },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/web/assets/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
