const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const PART = /^[0-9a-f-]{8,36}$/i;

/** Whether text can name a row at all; what cannot is treated as a name nobody has. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** Whether text is enough of a UUID to look for the rows whose id contains it. */
export const isPartOfUuid = (text: string): boolean => PART.test(text);
