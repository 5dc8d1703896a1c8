import { randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BackingService } from './backing-service.js';
import { freePorts } from './free-ports.js';
import { programPath } from './programs.js';
import type { Workplace } from './workplace.js';

/** S3: Ceph's gateway on one store that keeps its data in memory. The bucket is left to whoever uses it. */
export const s3: BackingService = {
  name: 's3',
  title: 'S3',
  address: 'S3_ENDPOINT_URL',
  credentials: ['S3_ACCESS_KEY', 'S3_SECRET_KEY'],
  variables: ['S3_ENDPOINT_URL', 'S3_ACCESS_KEY', 'S3_SECRET_KEY', 'S3_REGION_NAME', 'S3_BUCKET_NAME'],
  programs: {
    'ceph-mon': 'ceph-mon',
    monmaptool: 'ceph-mon',
    'ceph-osd': 'ceph-osd',
    ceph: 'ceph-common',
    'radosgw-admin': 'ceph-common',
    radosgw: 'radosgw',
  },

  /** Any HTTP answer will do: what is allowed there is for the keys to say. */
  async check(address) {
    const answer = await fetch(address, { signal: AbortSignal.timeout(5000) }).catch((error: Error) => {
      throw (error.cause as Error | undefined) ?? error;
    });
    await answer.body?.cancel();
    if (answer.status >= 500) throw new Error(`it answers ${answer.status}`);
  },

  async start(workplace) {
    const address = await startCluster(workplace);
    return { ...address, S3_REGION_NAME: 'us-east-1', S3_BUCKET_NAME: 'evidverse' };
  },
};

async function startCluster(workplace: Workplace): Promise<Record<string, string>> {
  const folder = workplace.makeFolder('s3');
  for (const part of ['mon', 'osd', 'rgw', 'run']) workplace.makeFolder(`s3/${part}`);
  const [port = 0, monitorPort, oldMonitorPort, storePort = 0] = await freePorts(4);
  // Both versions of the protocol must be named, or the store does not find the monitor.
  const monitor = `[v2:127.0.0.1:${monitorPort},v1:127.0.0.1:${oldMonitorPort}]`;
  const cluster = randomUUID();
  const store = randomUUID();
  const keys = { access: randomBytes(10).toString('hex'), secret: randomBytes(20).toString('hex') };
  const file = join(folder, 'ceph.conf');
  writeFileSync(file, configuration({ folder, port, monitor, cluster, storePort }), { mode: 0o600 });
  const environment = { ...process.env, CEPH_CONF: file };
  const run = (program: string, ...args: string[]) => workplace.run(programPath(program), args, environment);
  const start = (program: string, ...args: string[]) =>
    workplace.start(program, programPath(program), [...args, '-f'], environment);

  const map = join(folder, 'monmap');
  await run('monmaptool', '--create', '--clobber', '--addv', 'a', monitor, '--fsid', cluster, map);
  await run('ceph-mon', '-i', 'a', '--mkfs', '--monmap', map);
  start('ceph-mon', '-i', 'a');
  // The same id in both, or the store starts for ever.
  await run('ceph', 'osd', 'new', store, '0');
  await run('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', store);
  await run('ceph', 'osd', 'crush', 'create-or-move', 'osd.0', '1.0', 'root=default', 'host=here');
  await run('ceph', 'osd', 'require-osd-release', 'pacific', '--yes-i-really-mean-it');
  start('ceph-osd', '-i', '0');
  const gateway = start('radosgw', '-n', 'client.rgw.a');
  const address = `http://127.0.0.1:${port}`;
  await workplace.until(gateway, () => s3.check(address), 120);
  const account = [
    '--uid=evidverse',
    '--display-name=evidverse',
    `--access-key=${keys.access}`,
    `--secret=${keys.secret}`,
  ];
  await run('radosgw-admin', '-n', 'client.rgw.a', 'user', 'create', ...account);
  return { S3_ENDPOINT_URL: address, S3_ACCESS_KEY: keys.access, S3_SECRET_KEY: keys.secret };
}

interface Layout {
  folder: string;
  port: number;
  monitor: string;
  cluster: string;
  storePort: number;
}

/** One copy of everything, few placement groups, no sign-in between the parts (so plain messages must be asked for). */
function configuration({ folder, port, monitor, cluster, storePort }: Layout): string {
  return `[global]
fsid = ${cluster}
mon_initial_members = a
mon_host = ${monitor}
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_ipv6 = false
ms_bind_port_min = ${storePort}
ms_bind_port_max = ${storePort + 500}
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
ms_mon_client_mode = crc
ms_client_mode = crc
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pgp_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_warn_on_pool_no_redundancy = false
mon_max_pg_per_osd = 1000
run_dir = ${folder}/run
admin_socket =
log_file = ${folder}/$name.log
crash_dir = ${folder}/run
[mon]
mon_data = ${folder}/mon
mon_cluster_log_file = ${folder}/cluster.log
mon_data_avail_crit = 1
# by default every change of the map waits a second for others
paxos_propose_interval = 0.02
paxos_min_wait = 0.01
[osd]
osd_objectstore = memstore
memstore_device_bytes = ${16 * 1024 ** 3}
osd_data = ${folder}/osd
osd_class_load_list = *
osd_class_default_list = *
[client.rgw.a]
rgw_frontends = beast endpoint=127.0.0.1:${port}
rgw_data = ${folder}/rgw
rgw_thread_pool_size = 32
rgw_run_sync_thread = false
`;
}
