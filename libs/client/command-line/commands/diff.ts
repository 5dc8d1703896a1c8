import { describeChanges } from '#libs/timeline/diff/describe-changes';
import { diffDocuments } from '#libs/timeline/diff/diff-documents';
import type { AddCommand, CommonOptions } from '../command-line.js';
import { meant } from '../working-copy/head-ref.js';
import { known, remoteDocument } from '../working-copy/remote.js';

/** `evidverse diff`: what became different, in words or as data; of the working copy, or between two refs. */
export const diff: AddCommand = (program, line) =>
  void program
    .command('diff')
    .description('what became different, in words')
    .argument('[from]', 'a branch, tag or commit; what was committed here last if not said')
    .argument('[to]', 'another; the working copy if not said')
    .action(
      line.run(async (options: CommonOptions, from?: string, to?: string) => {
        const copy = await line.copy(options);
        const { server, project_id } = copy.state;
        const at = async (said: string) => {
          const place = meant(copy.state, said);
          if ('document' in place) return copy.kept(place.document);
          return (await remoteDocument(await line.api(options, server), project_id, place.ref, known(copy))).document;
        };
        const before = from === undefined ? await copy.committed() : await at(from);
        const after = to === undefined ? await copy.edited() : await at(to);
        const changes = diffDocuments(before, after);
        const words = describeChanges(changes, { language: options.lang });
        return { data: { changes, words }, text: words.length > 0 ? words : 'Nothing is different.' };
      }),
    );
