import { Controller, HttpCode, Inject, Req, RequestMapping, RequestMethod, UseGuards, type Type } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { OptionalToken, RequiredToken } from '../auth/token.guard.js';
import { RouteRunner } from './route-runner.js';
import type { Auth, Chapter, Route } from './route.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    route?: Route;
  }
}

const GUARDS: Record<Auth, MethodDecorator[]> = {
  required: [UseGuards(RequiredToken)],
  optional: [UseGuards(OptionalToken)],
  own: [UseGuards(OptionalToken)],
  none: [],
};

/** Makes a Nest controller of a chapter's routes, so that Nest's guards, interceptors and filters apply to each. */
export function controllerFor({ name, prefix, routes }: Chapter): Type {
  class RouteController {
    constructor(readonly runner: RouteRunner) {}
  }
  Object.defineProperty(RouteController, 'name', { value: name });
  Inject(RouteRunner)(RouteController, undefined, 0);
  for (const route of routes) {
    const key = `${route.method} ${route.path}`;
    const value = function (this: RouteController, request: FastifyRequest) {
      return this.runner.run(route, request);
    };
    const descriptor = { value, configurable: true, writable: true };
    Object.defineProperty(RouteController.prototype, key, descriptor);
    Req()(RouteController.prototype, key, 0);
    const decorators: MethodDecorator[] = [
      RequestMapping({ method: RequestMethod[route.method], path: route.path }),
      HttpCode(route.status),
      RouteConfig({ route }),
      ...GUARDS[route.auth],
    ];
    for (const decorate of decorators) decorate(RouteController.prototype, key, descriptor);
  }
  Controller(prefix)(RouteController);
  return RouteController;
}
