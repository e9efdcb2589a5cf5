import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';

/** A mail that the server has put into a mailbox. */
export interface DeliveredMail {
  readonly to: readonly string[];
  readonly messageId: string;
  /** Head and body as they came over the wire. */
  readonly raw: string;
}

/** What happens when the whole content of a mail has come: its reply, or nobody is there any more. */
export type ContentOutcome = 'accept' | 'refuse-for-now' | 'refuse' | 'vanish' | 'accept-and-vanish';

/** Moments of a mail at which a spec may do something, such as ending the process that sends it. */
export type SmtpMoment = 'content-begun' | 'content-whole' | 'accepted';

/** A mail server on this machine that takes every mail unless it is told otherwise. */
export interface ScriptedSmtp {
  readonly port: number;
  readonly mails: readonly DeliveredMail[];
  /** Commands that came, without what went with them. */
  readonly commands: readonly string[];
  /** Replies by command, such as `RCPT` to `550 no such mailbox`; whatever is not here is accepted. */
  readonly replies: Map<string, string>;
  /** What becomes of the next mails, in this order; accepted when there is none. */
  readonly outcomes: ContentOutcome[];
  onMoment: (moment: SmtpMoment) => void;
  /** While it is there, the answer to a sender's address waits for it. */
  hold: Promise<void> | null;
  close(): Promise<void>;
}

/** Starts the server on a free port, over TLS from the first byte when it has a certificate. */
export async function startScriptedSmtp(identity?: {
  readonly key: string;
  readonly cert: string;
}): Promise<ScriptedSmtp> {
  const mails: DeliveredMail[] = [];
  const commands: string[] = [];
  const sockets = new Set<net.Socket>();
  const script = {
    mails,
    commands,
    replies: new Map<string, string>(),
    outcomes: [] as ContentOutcome[],
    onMoment: (): void => undefined,
    hold: null,
  };
  const accept = (socket: net.Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    converse(socket, { mails, commands }, smtp);
  };
  const server = identity === undefined ? net.createServer(accept) : tls.createServer(identity, accept);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const smtp: ScriptedSmtp = Object.assign(script, {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  });
  return smtp;
}

/** One conversation of RFC 5321, as much of it as a client that sends one mail needs. */
function converse(
  socket: net.Socket,
  seen: { readonly mails: DeliveredMail[]; readonly commands: string[] },
  script: ScriptedSmtp,
): void {
  let buffer = '';
  let inContent = false;
  let to: string[] = [];
  socket.setEncoding('latin1');
  const reply = (line: string): void => void socket.write(`${line}\r\n`);
  const take = (): string | null => {
    const end = inContent ? buffer.indexOf('\r\n.\r\n') : buffer.indexOf('\r\n');
    if (end < 0) return null;
    const taken = buffer.slice(0, end);
    buffer = buffer.slice(end + (inContent ? 5 : 2));
    return taken;
  };
  reply('220 scripted');
  socket.on('data', (chunk: string) => {
    if (inContent && buffer === '') script.onMoment('content-begun');
    buffer += chunk;
    for (let taken = take(); taken !== null; taken = take()) {
      if (inContent) {
        inContent = false;
        finish(taken);
      } else command(taken);
    }
  });

  function command(line: string): void {
    const word = line.split(' ', 1)[0]?.toUpperCase() ?? '';
    seen.commands.push(word);
    const scripted = script.replies.get(word);
    if (scripted !== undefined) return reply(scripted);
    if (word === 'MAIL' && script.hold !== null) return void script.hold.then(() => reply('250 ok'));
    if (word === 'EHLO') return reply('250-scripted\r\n250 AUTH PLAIN');
    if (word === 'AUTH') return reply('235 welcome');
    if (word === 'RCPT') to.push(/<(.*)>/.exec(line)?.[1] ?? '');
    if (word === 'DATA') inContent = true;
    if (word === 'QUIT') return void socket.end('221 bye\r\n');
    reply(inContent ? '354 go on' : '250 ok');
  }

  function finish(raw: string): void {
    script.onMoment('content-whole');
    const outcome = script.outcomes.shift() ?? 'accept';
    if (outcome === 'vanish') return void socket.destroy();
    if (outcome === 'refuse') return reply('554 not this one');
    if (outcome === 'refuse-for-now') return reply('451 later');
    seen.mails.push({ to, messageId: /^message-id: (<.*>)$/im.exec(raw)?.[1] ?? '', raw });
    to = [];
    script.onMoment('accepted');
    if (outcome === 'accept-and-vanish') return void socket.destroy();
    reply('250 taken');
  }
}
