/** What addresses the server has, so that a wrong method can be told from an unknown address. */
export class RouteTable {
  /** Every route as method and address, such as `GET /api/v1/devices/:id`. */
  readonly served: string[] = [];
  private readonly routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];

  /** @param url a route as Fastify writes it, such as `/api/v1/devices/:id`. */
  add(methods: string | readonly string[], url: string): void {
    this.served.push(...[methods].flat().map((method) => `${method} ${url}`));
    const segments = url
      .split('/')
      .map((segment) => (segment.startsWith(':') ? '[^/]+' : segment.replace(/[^\w-]/g, '\\$&')));
    this.routes.push({ pattern: new RegExp(`^${segments.join('/')}$`), methods: [methods].flat() });
  }

  /** The methods that this address takes; none when there is nothing at it. */
  methodsAt(url: string): readonly string[] {
    const [path = ''] = url.split('?', 1);
    const found = this.routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods);
    return [...new Set(found)].sort();
  }
}
