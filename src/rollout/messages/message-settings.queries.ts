import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ROLLOUT_TEMPLATES, TEMPLATE_DESCRIPTIONS, type RolloutTemplate } from '../domain/messages/templates.js';

/** How one of the rollout's messages is set today. */
export interface MessageSetting {
  readonly enabled: boolean;
  /** Days before or after what it is about; null where it has none. */
  readonly days: number | null;
  /** 0 for one that nobody has changed yet. */
  readonly version: number;
}

export type MessageSettings = Readonly<Record<RolloutTemplate, MessageSetting>>;

/** Reads which messages are sent and when. */
@Injectable()
export class MessageSettingsQueries {
  constructor(private readonly dataSource: DataSource) {}

  async all(tx: EntityManager = this.dataSource.manager): Promise<MessageSettings> {
    const rows = await tx.query<(MessageSetting & { readonly template: string })[]>(
      'select template, enabled, days, version from rollout_message_setting',
    );
    return Object.fromEntries(
      ROLLOUT_TEMPLATES.map((template) => {
        const chosen = rows.find((row) => row.template === template);
        const { days } = TEMPLATE_DESCRIPTIONS[template];
        return [
          template,
          {
            enabled: chosen?.enabled ?? true,
            days: days && (chosen?.days ?? days.standard),
            version: chosen?.version ?? 0,
          },
        ];
      }),
    ) as Record<RolloutTemplate, MessageSetting>;
  }
}
