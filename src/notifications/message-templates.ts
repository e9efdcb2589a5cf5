import { Injectable } from '@nestjs/common';
import { STOP_WORDS, type MessageReference } from './message-words.js';

/** What a message says: the same words in its plain and in its HTML version. */
export interface MessageContent {
  /** Fixed words and dates, no text of people. */
  readonly subject: string;
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  /** Where it leads: a page of this site behind its sign-in, as a path such as `/my-move`. */
  readonly link: { readonly text: string; readonly path: string };
}

/** A message that is about to be sent. */
export interface DueMessage {
  readonly recipientEntraId: string;
  readonly reference: MessageReference;
}

/** How messages of one template come to what they say; asked at the moment of sending and not before. */
export interface MessageTemplate {
  readonly name: string;
  /** What it is called on pages. */
  readonly label: string;
  /** What its stop conditions and its text are read from. */
  compose(message: DueMessage, now: Date): Promise<MessageContent | StoppedMessage>;
  /** Reasons for which it may stop, in words. */
  readonly stopWords: Readonly<Record<string, string>>;
}

/** A message that must not be sent any more, with the code of the reason. */
export interface StoppedMessage {
  readonly stop: string;
}

/** The templates that modules have registered when the process started. */
@Injectable()
export class MessageTemplates {
  readonly #templates = new Map<string, MessageTemplate>();

  register(template: MessageTemplate): void {
    this.#templates.set(template.name, template);
  }

  /** Why a message was stopped, in words. */
  stopWords(template: string, reason: string): string {
    return STOP_WORDS[reason] ?? this.#templates.get(template)?.stopWords[reason] ?? reason;
  }

  /** What a template is called; its name where this version does not have it. */
  labelOf(name: string): string {
    return this.#templates.get(name)?.label ?? name;
  }

  /** Null for a name that this version does not have. */
  named(name: string): MessageTemplate | null {
    return this.#templates.get(name) ?? null;
  }
}
