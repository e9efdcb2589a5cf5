/** How Untether proves to Microsoft Entra ID which application it is. */
export type GraphCredential =
  | { readonly kind: 'secret'; readonly secret: string }
  /** `pem` holds the certificate and its private key, one after the other. */
  | { readonly kind: 'certificate'; readonly pem: string }
  /** Workload identity federation: a file that the platform keeps filled with a fresh token. */
  | { readonly kind: 'federated-token'; readonly tokenFile: string }
  /** Azure managed identity; `clientId` names a user-assigned one, null means the system-assigned one. */
  | { readonly kind: 'managed-identity'; readonly clientId: string | null };

/** Everything needed to reach one tenant's Microsoft Graph. */
export interface GraphSettings {
  readonly kind: 'demonstration' | 'tenant';
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: GraphCredential;
  /** Origin of Graph without path or trailing slash, such as `https://graph.microsoft.com`. */
  readonly baseUrl: string;
  /** Origin of the sign-in service without path or trailing slash, such as `https://login.microsoftonline.com`. */
  readonly authority: string;
  /** PEM file with certificate authorities to trust besides the built-in ones. */
  readonly caFile: string | null;
  /** Egress proxy as a URL, or null for a direct connection. */
  readonly httpsProxy: string | null;
}
