/** Characters that nobody sees: they end a line, move the cursor of a terminal, or turn round what follows. */
const CONTROLS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** Whether a name, but for white space at its ends, which is cut off, holds characters that nobody sees. */
export const hasControls = (name: string): boolean => CONTROLS.test(name.trim());
