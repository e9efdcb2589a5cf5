/** What the provider keeps of one thing, as it hands it over. */
type Payload = Readonly<Record<string, unknown>> & { readonly uid?: string; readonly grantId?: string };

/** Far more sign-ins at once than one machine's visitors begin; the oldest are forgotten first. */
const MOST_ENTRIES = 2_000;

/**
 * A new memory for one provider, as the adapter class that oidc-provider makes one instance of per kind of thing. It
 * lasts as long as the process, as the provider's keys do.
 */
export function providerMemory(): new (kind: string) => object {
  const entries = new Map<string, { payload: Payload; readonly endsAt: number }>();
  const find = (key: string): Payload | undefined => {
    const entry = entries.get(key);
    return entry !== undefined && entry.endsAt > Date.now() ? entry.payload : undefined;
  };
  return class ProviderMemory {
    constructor(private readonly kind: string) {}

    async upsert(id: string, payload: Payload, expiresIn: number): Promise<void> {
      entries.set(this.keyOf(id), { payload, endsAt: Date.now() + expiresIn * 1000 });
      const [oldest] = entries.keys();
      if (entries.size > MOST_ENTRIES && oldest !== undefined) entries.delete(oldest);
    }

    async find(id: string): Promise<Payload | undefined> {
      return find(this.keyOf(id));
    }

    async findByUid(uid: string): Promise<Payload | undefined> {
      for (const [key, { payload }] of entries) {
        if (key.startsWith(this.keyOf('')) && payload.uid === uid) return find(key);
      }
      return undefined;
    }

    /** A code that comes a second time is told apart by this mark. */
    async consume(id: string): Promise<void> {
      const entry = entries.get(this.keyOf(id));
      if (entry !== undefined) entry.payload = { ...entry.payload, consumed: Math.floor(Date.now() / 1000) };
    }

    async destroy(id: string): Promise<void> {
      entries.delete(this.keyOf(id));
    }

    async revokeByGrantId(grantId: string): Promise<void> {
      for (const [key, { payload }] of entries) if (payload.grantId === grantId) entries.delete(key);
    }

    private keyOf(id: string): string {
      return `${this.kind}:${id}`;
    }
  };
}
