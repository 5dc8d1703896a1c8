import * as contract from '#libs/contracts/projects';
import { commitChanges } from '#libs/contracts/projects-changes';
import { runServices } from '#libs/testing/running';
import { person } from '#libs/testing/seeds/people';
import { projects } from '../service.js';

test('how long a document may be is a setting, whichever way it comes', async () => {
  const running = await runServices([projects], { DOCUMENT_LIMIT_MB: '1' });
  try {
    const ada = await person(running.broker, 'Ada');
    const { id: project_id } = await running.broker.call(contract.createProject, { name: 'Film' }, ada);
    const commit = (video_assets: Record<string, unknown>) =>
      running.broker.call(contract.createCommit, { project_id, message: 'm', video_assets }, ada);
    const tooLarge = { code: 'invalid', details: { reason: 'too_large', limit: 2 ** 20 } };
    const half = 'x'.repeat(2 ** 19 + 1);
    await commit({ half });
    await expect(commit({ half, other: half })).rejects.toMatchObject(tooLarge);
    const changes = [{ path: ['other'], value: half }];
    await expect(running.broker.call(commitChanges, { project_id, message: 'm', changes }, ada)).rejects.toMatchObject(
      tooLarge,
    );
    const save = (document: Record<string, unknown>) =>
      running.broker.call(contract.saveWorkspace, { project_id, document }, ada);
    await save({ half });
    await expect(save({ half, editorUi: { other: half } })).rejects.toMatchObject(tooLarge);
  } finally {
    await running.close();
  }
});
