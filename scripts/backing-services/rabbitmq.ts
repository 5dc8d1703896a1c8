import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { BackingService } from './backing-service.js';
import { freePorts } from './free-ports.js';
import { programPath } from './programs.js';

/** RabbitMQ: one node with its own name, ports, folders and cookie, next to any other on the machine. */
export const rabbitmq: BackingService = {
  name: 'rabbitmq',
  title: 'RabbitMQ',
  address: 'RABBITMQ_URL',
  credentials: [],
  variables: ['RABBITMQ_URL'],
  programs: { 'rabbitmq-server': 'rabbitmq-server', epmd: 'rabbitmq-server' },

  check: greet,

  async start(workplace) {
    const folder = workplace.makeFolder('rabbitmq');
    const [port = 0, epmdPort, distributionPort] = await freePorts(3);
    const password = randomBytes(16).toString('hex');
    const file = (name: string, content: string) => {
      writeFileSync(join(folder, name), content, { mode: 0o600 });
      return join(folder, name);
    };
    file('.erlang.cookie', randomBytes(16).toString('hex'));
    const environment = {
      PATH: process.env.PATH,
      HOME: folder, // where the cookie is looked for
      LANG: 'C.UTF-8',
      ERL_EPMD_PORT: String(epmdPort),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      RABBITMQ_NODENAME: 'evidverse@localhost',
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: String(port),
      RABBITMQ_DIST_PORT: String(distributionPort),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
      RABBITMQ_CONF_ENV_FILE: file('rabbitmq-env.conf', ''),
      RABBITMQ_CONFIG_FILE: join(folder, 'none'),
      RABBITMQ_ADVANCED_CONFIG_FILE: file(
        'advanced.config',
        `[{rabbit, [{default_user, <<"evidverse">>}, {default_pass, <<"${password}">>}]}].\n`,
      ),
      RABBITMQ_ENABLED_PLUGINS_FILE: file('enabled_plugins', '[].\n'),
      RABBITMQ_MNESIA_BASE: join(folder, 'data'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_GENERATED_CONFIG_DIR: join(folder, 'config'),
      RABBITMQ_PID_FILE: join(folder, 'pid'),
      RUNNING_UNDER_SYSTEMD: 'true', // the script becomes the server instead of waiting for it
    };
    // Its own name server, or the first node to start would leave one behind.
    workplace.start('epmd', programPath('epmd'), ['-port', String(epmdPort), '-address', '127.0.0.1'], environment);
    const server = workplace.start('rabbitmq-server', serverScript(), [], environment);
    const address = `amqp://evidverse:${password}@127.0.0.1:${port}`;
    await workplace.until(server, () => greet(address), 120);
    return { RABBITMQ_URL: address };
  },
};

/** Debian's rabbitmq-server in PATH changes to the account of the system's own broker; the script below it does not. */
function serverScript(): string {
  const plain = '/usr/lib/rabbitmq/bin/rabbitmq-server';
  return existsSync(plain) ? plain : programPath('rabbitmq-server');
}

/** Says hello in AMQP 0-9-1 and waits for the broker's first frame. */
function greet(address: string): Promise<void> {
  const { protocol, hostname, port } = new URL(address);
  const secure = protocol === 'amqps:';
  const where = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (secure ? 5671 : 5672)) };
  return new Promise((done, fail) => {
    const socket = secure ? connectTls({ ...where, servername: where.host }) : connect(where);
    socket.setTimeout(5000, () => socket.destroy(new Error('no answer within 5 s')));
    socket.once(secure ? 'secureConnect' : 'connect', () => socket.write('AMQP\0\0\x09\x01', 'latin1'));
    socket.once('data', (answer) => {
      socket.destroy();
      if (answer[0] === 1) done();
      else fail(new Error('what answers is not an AMQP 0-9-1 broker'));
    });
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('it closed the connection')));
  });
}
