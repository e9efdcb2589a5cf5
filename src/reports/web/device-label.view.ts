import { encode } from 'uqr';
import { paths } from '../../web/paths.js';
import type { Shell } from '../../web/shell.js';
import type { WholeDevice } from '../whole-device.queries.js';

/** A label to be printed and stuck on a machine. */
export interface LabelView {
  readonly title: string;
  readonly id: number;
  readonly assetTag: string | null;
  readonly serialNumber: string | null;
  readonly model: string;
  /** Address of the machine's page, as text and as the modules of a QR code. */
  readonly address: string;
  /** Whether the address leads here from other machines too. */
  readonly reachable: boolean;
  readonly code: { readonly size: number; readonly path: string };
}

/** Light modules around a QR code (ISO/IEC 18004, section 6.3.8). */
const QUIET_ZONE = 4;

/**
 * The label of a machine. Its code holds the address of the machine's page and nothing else: no name of a person, which
 * anybody who finds the machine could read.
 */
export function labelView({ device, register }: WholeDevice, site: Shell['address']): LabelView {
  const address = site.origin + paths.device(device.id);
  return {
    title: `Label of ${device.name ?? device.serialNumber ?? `machine ${device.id}`}`,
    id: device.id,
    assetTag: register?.assetTag ?? null,
    serialNumber: device.serialNumber,
    model: [device.manufacturer, device.model].filter((part) => part !== null).join(' '),
    address,
    reachable: site.public,
    code: qrCode(address),
  };
}

/** A QR code as the path of an SVG whose unit is one module; level M restores 15 % of a scratched label. */
export function qrCode(text: string): LabelView['code'] {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return { size, path };
}
