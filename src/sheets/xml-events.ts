import sax from 'sax';
import { InputError } from '../common/errors.js';

/** What an XML text consists of, as far as a workbook needs it; names are without their prefix. */
export interface XmlHandler {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/**
 * Reads XML piece by piece and calls `handler` for what it meets; yields after each piece, so that a caller can take what
 * has been gathered. Nothing outside the text is ever read, and a document type is refused, so entities cannot multiply.
 * @throws InputError with the sentence `unreadable` when the text is not well formed
 */
export async function* xmlEvents(
  text: AsyncGenerator<string, void, undefined>,
  handler: XmlHandler,
  unreadable: string,
): AsyncGenerator<void, void, undefined> {
  const parser = sax.parser(true, { position: false });
  const fail = (): never => {
    throw new InputError(unreadable);
  };
  parser.onerror = fail;
  parser.ondoctype = fail;
  parser.onopentag = (node) => handler.open?.(localName(node.name), node.attributes as Record<string, string>);
  parser.ontext = (piece) => handler.text?.(piece);
  parser.oncdata = (piece) => handler.text?.(piece);
  parser.onclosetag = (name) => handler.close?.(localName(name));
  for await (const piece of text) {
    parser.write(piece);
    yield;
  }
  parser.close();
  yield;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
