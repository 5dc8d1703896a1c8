import { Controller, Get, Inject, NotFoundException, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CONFIG, HEALTH } from '#libs/bootstrap/tokens';
import type { Health } from '#libs/observability/health';
import { renderMetrics } from '#libs/observability/metrics';
import type { GatewayConfig } from './config.js';

/** What stands beside the API: a greeting, and the questions of load balancers and operators. */
@Controller()
export class WelcomeController {
  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(HEALTH) private readonly health: Health,
  ) {}

  @Get()
  welcome() {
    return { message: 'Welcome to Evidverse API' };
  }

  @Get(['api/v1/health', 'healthz', 'livez'])
  alive() {
    return { status: 'ok' };
  }

  @Get('readyz')
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const { ready, checks } = await this.health.readiness();
    void reply.code(ready ? 200 : 503);
    return { status: ready ? 'ok' : 'unavailable', checks };
  }

  /** Beside the operators' door only where everything is one process for one person. */
  @Get('metrics')
  async metrics(@Res({ passthrough: true }) reply: FastifyReply) {
    if (this.config.APP_MODE !== 'local') throw new NotFoundException('Not Found');
    const { contentType, body } = await renderMetrics();
    void reply.type(contentType);
    return body;
  }
}
