import nunjucks from 'nunjucks';
import type { MessageContent } from './message-templates.js';

const ENVIRONMENT = new nunjucks.Environment(new nunjucks.FileSystemLoader(import.meta.dirname), {
  autoescape: true,
  trimBlocks: true,
  lstripBlocks: true,
});
/** Control and format characters, which no line of a mail needs: they break lines or turn the reading direction. */
const UNWANTED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** Both versions of a message, in the same words. */
export interface MailTexts {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * Writes a message out.
 * @param origin where people open the site, such as `https://untether.council.example`; never taken from a request
 */
export function mailTexts(content: MessageContent, origin: string): MailTexts {
  const subject = plain(content.subject);
  const greeting = plain(content.greeting);
  const paragraphs = content.paragraphs.map(plain);
  const link = { text: plain(content.link.text), href: new URL(content.link.path, origin).href };
  const why =
    'This message was sent by Untether, which looks after the council’s computers. You need to sign in to follow the link.';
  const text = [greeting, ...paragraphs, `${link.text}:\n${link.href}`, why].join('\n\n');
  const html = ENVIRONMENT.render('mail.njk', { subject, greeting, paragraphs, link, why });
  return { subject, text: `${text}\n`, html };
}

function plain(text: string): string {
  return text.replace(UNWANTED, ' ').trim();
}
