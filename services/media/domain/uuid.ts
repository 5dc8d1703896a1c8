const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether text can name a row at all; what cannot is treated as a name nobody has. */
export const isUuid = (text: string): boolean => UUID.test(text);
