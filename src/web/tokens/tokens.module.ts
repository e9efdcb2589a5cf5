import { Module } from '@nestjs/common';
import { AuthModule } from '../../auth/auth.module.js';
import { TokensApiController } from './tokens-api.controller.js';
import { TokensController } from './tokens.controller.js';

/** Tokens of programs, as pages and through the API. */
@Module({ imports: [AuthModule], controllers: [TokensController, TokensApiController] })
export class TokensModule {}
