/** A page to be: the template, what it shows, and the status of the answer. Make one with `pageView`. */
export class PageView {
  constructor(
    readonly template: string,
    readonly data: object,
    readonly status: number,
  ) {}
}

/** An answer that sends the browser elsewhere (303). Make one with `redirectTo`. */
export class Redirect {
  constructor(
    readonly path: string,
    readonly message: string | null,
  ) {}
}

/**
 * What a page method returns. The renderer adds what every page has: who is signed in, the navigation, the form's
 * hidden fields, what was typed into it and what is wrong with that.
 * @param template path of the template below `src/`, such as `sync/web/status.njk`; it sets `title` and `section`.
 */
export function pageView(template: string, data: object, options: { readonly status?: number } = {}): PageView {
  return new PageView(template, data, options.status ?? 200);
}

/**
 * Sends the browser to another page of this site.
 * @param path an address made by `paths`; only addresses within the site are accepted.
 * @param message shown once on the next page, as a notification banner; no names or serials.
 */
export function redirectTo(path: string, message?: string): Redirect {
  // Two slashes, or one and a backslash, would name another host.
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(path)) throw new TypeError('A redirect leads to an address of this site.');
  return new Redirect(path, message ?? null);
}
