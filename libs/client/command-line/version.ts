/** The version of the client, as in package.json; a law test holds it there. */
export const VERSION = '0.1.0';
