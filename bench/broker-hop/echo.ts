import { Controller, Module } from '@nestjs/common';
import { z } from 'zod';
import { operation } from '#libs/contracts/contract';
import { Handles } from '#libs/messaging/handles';

const Content = z.object({ hello: z.string(), n: z.number(), list: z.array(z.number()) });

/** The smallest operation there is: it gives back what it gets. */
export const echo = operation('media.echo', Content, Content);

@Controller()
class EchoController {
  @Handles(echo)
  echo(content: z.output<typeof Content>) {
    return content;
  }
}

@Module({ controllers: [EchoController] })
export class EchoModule {}
