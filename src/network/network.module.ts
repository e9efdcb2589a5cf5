import { Module } from '@nestjs/common';

/** What is known of networks: sites, measurements, verdicts. For any process. */
@Module({})
export class NetworkModule {}
