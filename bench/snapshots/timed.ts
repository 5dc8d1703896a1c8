/** Does something, and says what it took. */
export async function timed<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  const [began, spent] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(spent);
  const [time, cpu] = [performance.now() - began, (user + system) / 1000].map((ms) => ms.toFixed(0).padStart(8));
  console.log(`${name.padEnd(46)} ${time} ms, ${cpu} ms of processors`);
  return result;
}
