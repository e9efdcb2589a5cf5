import { Module } from '@nestjs/common';
import { RolloutModule } from './rollout.module.js';

/** Pages and JSON of the rollout. */
@Module({ imports: [RolloutModule] })
export class RolloutWebModule {}
