import { Module } from '@nestjs/common';
import { ClassificationsController } from './api/classifications.controller.js';
import { DecisionsController } from './api/decisions.controller.js';
import { DeviceIdentityController } from './api/device-identity.controller.js';
import { ReviewsController } from './api/reviews.controller.js';
import { IdentityModule } from './identity.module.js';

/** Identity and classification for programs. The services are apart, as the synchronisation needs them without these. */
@Module({
  imports: [IdentityModule],
  controllers: [ReviewsController, DecisionsController, DeviceIdentityController, ClassificationsController],
})
export class IdentityApiModule {}
