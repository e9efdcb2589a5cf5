import { accessSync, constants, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SettingProblem } from './config.error.js';

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Values from sample files and tutorials that must never reach a running system. */
export const EXAMPLE_VALUE = /^(change[-_ ]?me|example|secret|password|your[-_ ].*|<.*>|xxx+|\*+)$/i;

/** Reads settings one by one and collects everything that is wrong with them. */
export class SettingsReader {
  readonly problems: SettingProblem[] = [];

  constructor(private readonly environment: Environment) {}

  /** The value of NAME, or the content of the file that NAME_FILE names; the file wins. Null when neither is set. */
  text(name: string): string | null {
    const file = this.environment[`${name}_FILE`]?.trim();
    if (file) {
      try {
        const content = readFileSync(file, 'utf8').trim();
        if (content === '') this.wrong(`${name}_FILE`, 'names an empty file.', 'Put the value into the file.');
        return content === '' ? null : content;
      } catch {
        this.wrong(`${name}_FILE`, 'names a file that cannot be read.', 'Check the path and its permissions.');
        return null;
      }
    }
    const value = this.environment[name]?.trim();
    return value ? value : null;
  }

  isSet(name: string): boolean {
    return [name, `${name}_FILE`].some((variable) => Boolean(this.environment[variable]?.trim()));
  }

  wrong(name: string, reason: string, fix: string): void {
    this.problems.push({ name, reason, fix });
  }

  port(name: string, fallback: number | null): number | null {
    const value = this.text(name);
    if (value === null) return fallback;
    if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) {
      this.wrong(name, 'is not a port number.', 'Give a whole number from 0 to 65535 (0 picks a free port).');
      return fallback;
    }
    return Number(value);
  }

  /** An https URL reduced to its origin; a trailing slash or version path is forgiven, anything else is not. */
  origin(name: string, fallback: string, forgiven: RegExp): string {
    const value = this.text(name);
    if (value === null) return fallback;
    const url = URL.canParse(value) ? new URL(value) : null;
    if (!url || url.protocol !== 'https:' || url.username || url.password || url.search || url.hash) {
      this.wrong(name, 'is not a plain https:// address.', `Give an origin such as ${fallback}.`);
      return fallback;
    }
    if (!forgiven.test(url.pathname)) {
      this.wrong(name, 'has a path that Untether does not expect.', `Give the origin alone, such as ${fallback}.`);
    }
    return url.origin;
  }

  /** A PEM with a certificate and its private key; empty after a complaint. */
  certificate(name: string): string {
    const pem = this.text(name) ?? '';
    if (pem !== '' && !(pem.includes('BEGIN CERTIFICATE') && pem.includes('PRIVATE KEY'))) {
      this.wrong(
        name,
        'is not a PEM with a certificate and its private key.',
        `Put both into one PEM file and name it in ${name}_FILE.`,
      );
    }
    return pem;
  }

  file(name: string): string | null {
    const value = this.environment[name]?.trim();
    if (!value) return null;
    try {
      accessSync(value, constants.R_OK);
    } catch {
      this.wrong(name, 'names a file that cannot be read.', 'Check the path and its permissions.');
    }
    return path.resolve(value);
  }
}
