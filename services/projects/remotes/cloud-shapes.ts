import type { RefWish } from '#libs/contracts/projects-bundles';

/** What is asked of the cloud when a bundle is sent to it. */
export interface BeginImportWish {
  size: number;
  into_project_id?: string;
  name?: string;
  refs?: RefWish[];
  own_author_id: string;
}

/** Where its parts go. */
export interface ImportPartsAnswer {
  part_size: number;
  part_count: number;
  links: { part_number: number; url: string }[];
}
