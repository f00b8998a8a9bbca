/** A secret or certificate file cannot be used. The message names the file and never shows what is in it. */
export class Unprepared extends Error {}
