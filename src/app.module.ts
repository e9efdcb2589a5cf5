import { Module, type DynamicModule } from '@nestjs/common';
import { AuthModule } from './auth/auth.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Config } from './config/config.types.js';
import { WEB_LIMITS, type DatabaseAddress, type DatabaseLimits } from './database/data-source.js';
import { DatabaseModule } from './database/database.module.js';
import { NamingConventionModule } from './devices/form-factor.module.js';
import { DeviceListsModule } from './devices/device-lists.module.js';
import { DevicesModule } from './devices/devices.module.js';
import { IdentityApiModule } from './devices/identity-api.module.js';
import { ImportPagesModule } from './devices/import/import-pages.module.js';
import { ImportModule } from './devices/import/import.module.js';
import { LifecycleWebModule } from './devices/lifecycle/lifecycle-web.module.js';
import { DirectoryModule } from './directory/directory.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { LicencesModule } from './licences/licences.module.js';
import { NetworkWebModule } from './network/network-web.module.js';
import { NotificationsWebModule } from './notifications/notifications-web.module.js';
import { ReportListsModule } from './reports/report-lists.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { RequestsWebModule } from './requests/requests-web.module.js';
import { RolloutMessagesWebModule } from './rollout/messages/messages-web.module.js';
import { RolloutWebModule } from './rollout/rollout-web.module.js';
import { SyncStatusModule } from './sync/sync-status.module.js';
import type { Shell } from './web/shell.js';
import { ListPagesModule } from './web/list-pages.module.js';
import { SignInModule } from './web/sign-in/sign-in.module.js';
import { TokensModule } from './web/tokens/tokens.module.js';
import { WebModule } from './web/web.module.js';

/** The modules of the web process. */
@Module({})
export class AppModule {
  static forRoot(
    config: Config,
    address: DatabaseAddress,
    shell: Shell,
    limits: DatabaseLimits = WEB_LIMITS,
  ): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config),
        DatabaseModule.forRoot(address, limits),
        JobsModule.forRoot(address),
        AuthModule,
        WebModule.forRoot(shell),
        SignInModule,
        TokensModule,
        ListPagesModule,
        NamingConventionModule.forRoot(config.namingConvention),
        DirectoryModule,
        DevicesModule,
        DeviceListsModule,
        ImportModule,
        ImportPagesModule,
        LifecycleWebModule,
        IdentityApiModule,
        LicencesModule,
        NetworkWebModule,
        ReportsModule,
        ReportListsModule,
        NotificationsWebModule,
        RolloutWebModule,
        RolloutMessagesWebModule,
        RequestsWebModule,
        SyncStatusModule,
      ],
    };
  }
}
