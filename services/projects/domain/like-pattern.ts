/** The pattern of SQL's `like` for text that contains these very words, with `\` as the escape. */
export const containing = (words: string): string => `%${words.replace(/[\\%_]/g, '\\$&')}%`;
