/**
 * What firmware and inventory tools put where a serial number, a manufacturer or a hardware id belongs and nobody
 * entered one. Compared whole, upper-cased and without anything but letters and digits, so that spaces, dots and case
 * do not matter and a real serial number that merely contains such words is never refused.
 *
 * Sources: the default blacklist of GLPI (glpi-project.org, `Blacklist::getDefaults`, the values without its unanchored
 * version-number pattern, which eats real serial numbers); "Default string" and its spellings, which that list lacks
 * and Intune shows most (github.com/MSEndpointMgr/CloudLAPS issue 58, github.com/fleetdm/fleet issue 51180); the SMBIOS
 * names of the fields themselves (DMTF DSP0134, System and Chassis Information), which boards carry unfilled.
 */
const PLACEHOLDERS: ReadonlySet<string> = new Set(
  [
    'To Be Filled By O.E.M.',
    'To Be Filled',
    'Filled By OEM',
    'O.E.M.',
    'Default string',
    'Default',
    'Default value',
    'System Serial Number',
    'SystemSerialNumb',
    'System Serial',
    'Serial Number',
    'Serial',
    'Chassis Serial Number',
    'Base Board Serial Number',
    'Board Serial Number',
    'BSN12345678901234567',
    'MB-1234567890',
    'Product Serial Number',
    'Serial Number xxxxxx',
    'System manufacturer',
    'System Product Name',
    'Manufacturer',
    'Asset Tag',
    'No Asset Tag',
    'No Asset Information',
    'Not Specified',
    'Not Available',
    'Not Applicable',
    'Not Set',
    'Not Present',
    'Not Defined',
    'Not Settable',
    'No Serial',
    'No Serial Number',
    'Unspecified',
    'Undefined',
    'Unknown',
    'Unknow',
    'Uninitialized',
    'Invalid',
    'Invalid Serial',
    'None',
    'Nothing',
    'Null',
    '(null string)',
    'Nil',
    'N/A',
    'NA',
    'NaN',
    'TBD',
    'Empty',
    'Blank',
    'EVAL',
    'IATPASS',
    'OEM',
    'Tulip Computers',
    'SYS-1234567890',
    'SYS-9876543210',
    'SN-12345',
    'SN-1234567890',
    'SN-123456fvgv3i0b8o5n6n7k',
    '123456789ABC',
    '1234567890ABCDEF',
    '0123456789ABCDEF',
    '123456789000',
  ].map(lettersAndDigits),
);

/**
 * Hardware ids that whole series of boards share: nil, all ones, the counting pattern of AMI's reference firmware
 * (github.com/glpi-project/glpi, `Blacklist::getDefaults`, unique ids), and plain counting.
 */
const PLACEHOLDER_IDENTIFIERS: ReadonlySet<string> = new Set([
  '03000200-0400-0500-0006-000700080009',
  '00010203-0405-0607-0809-0a0b0c0d0e0f',
  '12345678-1234-1234-1234-123456789012',
  '12345678-1234-5678-90ab-cddeefaabbcc',
]);

/** 1234, 12345, ... round and round, from 0 or 1: nobody's number. */
const COUNTING = '012345678901234567890123456789';

/** Upper case, letters and digits of any script only. */
export function lettersAndDigits(value: string): string {
  return value.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Makers and models repeat by the thousand; serial numbers do not, and must not fill the memory. */
const judged = new Map<string, boolean>();
const MOST_JUDGED = 10_000;

/** Whether a name that many records share, such as a maker or model, is a placeholder; remembers what it found. */
export function isPlaceholderName(name: string): boolean {
  const before = judged.get(name);
  if (before !== undefined) return before;
  if (judged.size >= MOST_JUDGED) judged.clear();
  const verdict = isPlaceholder(name);
  judged.set(name, verdict);
  return verdict;
}

/** Whether a text is one that stands for "nobody entered anything". */
export function isPlaceholder(value: string): boolean {
  const text = lettersAndDigits(value);
  return text.length === 0 || PLACEHOLDERS.has(text) || isOneCharacter(text) || isCounting(text);
}

/** An Entra, Intune or Autopilot id in lower case, or null when it is empty or one that many machines share. */
export function realIdentifier(value: string | null): string | null {
  const text = value?.trim().toLowerCase() ?? '';
  if (text === '' || PLACEHOLDER_IDENTIFIERS.has(text) || isOneCharacter(text.replaceAll('-', ''))) return null;
  return text;
}

function isOneCharacter(text: string): boolean {
  return text.length > 1 && text === text.charAt(0).repeat(text.length);
}

function isCounting(text: string): boolean {
  return text.length >= 4 && (COUNTING.startsWith(text) || COUNTING.startsWith(text, 1));
}
