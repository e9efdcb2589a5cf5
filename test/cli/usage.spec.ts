import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { SOURCE_NAMES } from '../../src/config/sources.js';
import { createProgram } from '../../src/cli/program.js';
import { runCommand, startCommand, temporaryHome } from './command.js';

/** Nothing listens there: whatever answers works without a database. */
const NO_DATABASE = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };

describe('the untether command', () => {
  const { home, remove } = temporaryHome();
  afterAll(remove);

  it('explains every command with an example', async () => {
    const commands = createProgram().commands.flatMap((command) =>
      command.commands.length === 0
        ? [command]
        : command.commands.flatMap((sub) => (sub.commands.length ? sub.commands : [sub])),
    );
    expect(commands.length).toBeGreaterThan(15);
    for (const command of commands) {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) });
      command.outputHelp();
      expect(help).toMatch(/Examples?:\n {2}\$ .*untether /);
    }
    const { code, stdout } = await runCommand(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Exit codes of all commands');
  });

  it.each([
    [['sync', 'people'], SOURCE_NAMES.join(', ')],
    [['sync', 'managers'], 'Managers are read together with users'],
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['runs', '--limit', '0'], 'whole number from 1 to 200'],
    [['runs', 'show', 'abc'], 'whole number'],
    [['held', 'release', '1'], '--reason'],
    [['pause', 'users'], '--reason'],
    [['classify', 'Dell'], 'manufacturer and a model'],
    [['demo', 'faults', 'set', '{not json'], 'Give JSON'],
  ])('%j ends with exit code 2 and says what is right', async (args, words) => {
    const { code, stdout, stderr } = await runCommand(args, { UNTETHER_HOME: home });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('names a setting that is wrong and ends with exit code 78', async () => {
    const { code, stderr } = await runCommand(['status'], { DATABASE_URL: 'mysql://x', PORT: '99999' });
    expect(code).toBe(78);
    expect(stderr).toContain('DATABASE_URL');
    expect(stderr).toContain('PORT');
  });

  it('says so when the database does not answer, without a stack', async () => {
    const { code, stderr } = await runCommand(['status'], NO_DATABASE);
    expect(code).toBe(1);
    expect(stderr).toContain('The database does not answer.');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('classifies a model without a database', async () => {
    const { code, stdout } = await runCommand(['classify', 'Dell Inc.', 'OptiPlex 7010'], NO_DATABASE);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Class\s+desktop/);
  });

  it('classifies a file row by row to standard output', async () => {
    const file = path.join(home, 'models.csv');
    writeFileSync(file, 'Model,Manufacturer\nLatitude 5440,Dell Inc.\n=cmd,nobody\n');
    const { code, stdout, stderr } = await runCommand(['classify', '--csv', file], NO_DATABASE);
    expect(code).toBe(0);
    expect(stdout.split('\n')).toHaveLength(4);
    expect(stdout).toContain('Dell Inc.,Latitude 5440,laptop,portable');
    expect(stderr).toContain('2 rows');
  });

  it('refuses a file without the columns, and one that is not there', async () => {
    const file = path.join(home, 'other.csv');
    writeFileSync(file, 'a,b\n1,2\n');
    expect((await runCommand(['classify', '--csv', file])).code).toBe(2);
    expect(await runCommand(['classify', '--csv', path.join(home, 'absent.csv')])).toMatchObject({
      code: 2,
      stdout: '',
    });
  });

  it('survives a reader that has seen enough', async () => {
    const file = path.join(home, 'many.csv');
    writeFileSync(file, `manufacturer,model\n${'Dell Inc.,Latitude 5440\n'.repeat(50_000)}`);
    const child = startCommand(['classify', '--csv', file]);
    let stderr = '';
    child.stderr?.on('data', (data) => (stderr += String(data)));
    await once(child.stdout ?? child, 'data');
    child.stdout?.destroy();
    const [code] = (await once(child, 'close')) as [number | null];
    expect(stderr).not.toMatch(/^\s+at |EPIPE/m);
    expect(code).toBe(0);
  });
});
