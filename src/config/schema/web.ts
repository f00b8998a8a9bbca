import { parsed } from "../../documents/fields.ts";
import { parseExternalUrl, parseListenAddress } from "../address.ts";
import { section } from "./section.ts";

/** `web:`: the page, the API and our own metrics. */
export const web = section({
  listen_address: parsed(parseListenAddress)
    .prefault("127.0.0.1:9464")
    .describe("Where the page, the API and our own metrics are served"),
  external_url: parsed(parseExternalUrl).optional().describe("Where people reach the page, for links in alerts"),
})
  .prefault({})
  .describe("The page, the API and our own metrics");
