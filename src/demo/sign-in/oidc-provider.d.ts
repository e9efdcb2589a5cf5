/** The part of oidc-provider that the demonstration uses; the package brings no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface OpenIdContext {
    readonly oidc: {
      readonly provider: Provider;
      readonly client?: { readonly clientId: string };
      readonly session?: { readonly accountId?: string };
      readonly result?: { readonly login?: { readonly accountId: string } };
    };
    status: number;
    type: string;
    body: unknown;
    set(name: string, value: string): void;
  }
  interface Interaction {
    readonly uid: string;
    readonly params: Readonly<Record<string, unknown>>;
  }
  interface Grant {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  }
  interface Account {
    readonly accountId: string;
    claims(): Readonly<Record<string, unknown>>;
  }

  export class Provider {
    constructor(issuer: string, settings: object);
    readonly Grant: new (about: { accountId: string; clientId: string }) => Grant;
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
  }
  export namespace interactionPolicy {
    class Check {
      constructor(reason: string, description: string, check: (context: OpenIdContext) => boolean);
    }
    class Prompt {
      constructor(about: { name: string; requestable: boolean }, check: Check);
    }
  }
  export type { Account, Grant, Interaction, OpenIdContext };
}
