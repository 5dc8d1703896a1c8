import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AuthModuleOptions } from '@nestjs/passport';
import { Sessions } from './auth/sessions.js';
import { OptionalToken, RequiredToken } from './auth/token.guard.js';
import { TokenStrategy } from './auth/token.strategy.js';
import { Tokens } from './auth/tokens.js';
import { controllerFor } from './http/controller-for.js';
import { EventStreams } from './http/event-streams.js';
import { FileCarrier } from './http/file-carrier.js';
import { FailureFilter } from './http/failure.filter.js';
import { KnownPaths } from './http/known-paths.js';
import { RateLimits } from './http/rate-limits.js';
import { RouteRunner } from './http/route-runner.js';
import { chapters } from './routes/route-table.js';
import { WelcomeController } from './welcome.controller.js';

/** The gateway: HTTP in, operations out; no database, no domain. */
@Module({
  controllers: [WelcomeController, ...chapters.map(controllerFor)],
  providers: [
    RouteRunner,
    EventStreams,
    FileCarrier,
    KnownPaths,
    RateLimits,
    Tokens,
    Sessions,
    TokenStrategy,
    RequiredToken,
    OptionalToken,
    {
      provide: AuthModuleOptions,
      inject: [TokenStrategy],
      useFactory: ({ registeredAs }: TokenStrategy) => ({ defaultStrategy: registeredAs }),
    },
    { provide: APP_FILTER, useClass: FailureFilter },
  ],
})
export class GatewayModule {}
