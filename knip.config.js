// What nobody imports and is used all the same; everything else that is unused fails `npm run deadcode`.
export default {
  entry: [
    'src/cli.ts',
    'src/main.ts',
    'src/worker.ts',
    // TypeORM finds entities and migrations by their names.
    'src/**/*.entity.ts',
    'src/database/migrations/*.ts',
    // Loaded by browsers.
    'src/web/assets/*.js',
    'scripts/*.mjs',
    'test/**/*.mjs',
    'test/bench/*.ts',
    'src/**/*.spec.ts',
    'test/**/*.spec.ts',
  ],
  project: ['src/**/*.{ts,js}', 'test/**/*.{ts,mjs}', 'scripts/*.mjs'],
  // Exporting what a file also uses itself is how a spec reaches it.
  ignoreExportsUsedInFile: true,
  ignoreDependencies: [
    // Its views and styles are read as files, not imported.
    'govuk-frontend',
    // Its script is put into pages as a file.
    'axe-core',
    // For those who run `npx nest generate`; nothing here needs it.
    '@nestjs/schematics',
  ],
  // Served under this name from the package of the same name.
  ignoreUnresolved: ['./govuk-frontend.js'],
  // Of the operating system, and done without where they are missing.
  ignoreBinaries: ['unshare', 'setpriv', 'pgrep', 'openssl'],
};
