import type { TestSession } from './sign-in.js';

/** What came of a form that was sent as a browser without scripts sends it. */
export interface FormAnswer {
  readonly status: number;
  readonly location: string | null;
  readonly html: string;
}

/** The hidden fields of the form that a page sends to this address. */
export function hiddenFieldsOf(html: string, action: string): Record<string, string> {
  const form = [...html.matchAll(/<form action="([^"]*)" method="post"[\s\S]*?<\/form>/g)].find(
    ([, address]) => address?.replaceAll('&amp;', '&') === action,
  )?.[0];
  if (form === undefined) throw new Error(`The page has no form for ${action}.`);
  const fields = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  return Object.fromEntries(fields.map(([, name, value]) => [name ?? '', value ?? '']));
}

/**
 * Opens a page, fills in its form and sends it.
 * @param action where the form is sent to; the page's own address unless given.
 * @param again sends the same submission so many times more, all at once.
 */
export async function sendForm(
  url: string,
  session: TestSession,
  page: string,
  fields: Readonly<Record<string, string>>,
  options: {
    readonly action?: string;
    readonly again?: number;
    /** Takes the hidden fields of the page's own form, for an address to which it does not lead. */
    readonly token?: 'of another form';
  } = {},
): Promise<FormAnswer> {
  const { action = page, again = 0, token } = options;
  const html = await (await fetch(url + page, { headers: session.headers })).text();
  const body = new URLSearchParams({ ...hiddenFieldsOf(html, token ? page : action), ...fields });
  const send = async (): Promise<FormAnswer> => {
    const answer = await fetch(url + action, { method: 'POST', headers: session.headers, body, redirect: 'manual' });
    return { status: answer.status, location: answer.headers.get('location'), html: await answer.text() };
  };
  const [first] = await Promise.all([send(), ...Array.from({ length: again }, send)]);
  return first;
}
