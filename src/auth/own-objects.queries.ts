import { Injectable } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import { DataSource } from 'typeorm';
import type { OwnObject } from './access.decorator.js';

/**
 * Who has a machine, asked of the module that knows machines: the object id in Entra ID of its holder or, while custody
 * says nothing, of its primary user; null when nobody has it.
 */
export abstract class DeviceKeepers {
  abstract keeperOf(deviceId: number): Promise<string | null>;
}

/** Whom a move concerns, asked of the module that knows moves. */
export abstract class MoveCircle {
  /** Whether it is theirs, of somebody below them in the line, or of somebody who named them as delegate. */
  abstract concerns(personEntraId: string, moveId: number): Promise<boolean>;
}

/** Tells whether an object concerns a person, or somebody who reports to them. */
@Injectable()
export class OwnObjects {
  constructor(private readonly dataSource: DataSource) {}

  /** @param entraId object id of the caller. */
  async concerns(entraId: string, kind: OwnObject, id: number, modules: ModuleRef): Promise<boolean> {
    if (kind === 'move') return modules.get(MoveCircle, { strict: false }).concerns(entraId, id);
    if (kind === 'person') return this.isSelfOrReport(entraId, 'person.id = $2', id);
    const keeper = await modules.get(DeviceKeepers, { strict: false }).keeperOf(id);
    return keeper !== null && this.isSelfOrReport(entraId, 'person.entra_id = $2', keeper);
  }

  private async isSelfOrReport(entraId: string, whose: string, value: number | string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `select 1 from person where ${whose}
       and (entra_id = $1 or (manager_entra_id = $1 and presence <> 'gone'))`,
      [entraId, value],
    );
    return rows.length > 0;
  }
}
