import { Module } from '@nestjs/common';
import { AuthModule } from '../../auth/auth.module.js';
import { OpenIdProvider } from '../../auth/sign-in/open-id-provider.js';
import { SignInAttemptsService } from '../../auth/sign-in/sign-in-attempts.service.js';
import { SignInService } from '../../auth/sign-in/sign-in.service.js';
import { SignInController } from './sign-in.controller.js';

/** Signing in and out. */
@Module({
  imports: [AuthModule],
  controllers: [SignInController],
  providers: [OpenIdProvider, SignInAttemptsService, SignInService],
})
export class SignInModule {}
