import { z } from "zod";

/** An instant as text. */
export const time = z.iso.datetime({ offset: true }).describe("RFC 3339");
