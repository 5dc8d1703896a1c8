import { AppError } from '#libs/errors/app-error';

/** How much work reading one page may be: counted in steps, so that it is the same on every machine. */
export class Budget {
  spent = 0;
  constructor(private readonly most = 4_000_000) {}

  /** Counts steps; the page is given up when there were too many. */
  spend(steps = 1): void {
    this.spent += steps;
    if (this.spent > this.most)
      throw new AppError('invalid', `Reading this page takes more than ${this.most} steps. Use simpler selectors.`);
  }
}
