import { parsed } from "../../documents/fields.ts";
import { parseSize } from "../size.ts";
import { byteSize } from "./hints.ts";

/** A size in bytes with its unit, "32MB". */
export const size = parsed(parseSize).meta(byteSize);
