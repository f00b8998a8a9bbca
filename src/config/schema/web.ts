import { z } from "zod";
import { parsed } from "../../documents/fields.ts";
import { parseExternalUrl, parseHostName, parseListenAddress, parseOrigin } from "../address.ts";
import { hostPort, webUrl } from "./hints.ts";
import { filePath } from "./secret.ts";
import { camelKeys, said } from "./section.ts";

/** `web:`: the page, the API and our own metrics. */
export const web = z
  .strictObject({
    listen_address: parsed(parseListenAddress)
      .meta(hostPort)
      .prefault("127.0.0.1:9464")
      .describe(
        "Where the page, the API and our own metrics are served; :9464 is all interfaces, port 0 any free port",
      ),
    external_url: parsed(parseExternalUrl)
      .meta(webUrl)
      .optional()
      .describe("Where people reach the page, for links in alerts"),
    api_tokens_file: filePath
      .optional()
      .describe("Tokens of those who may change something, a name and a token a line; without it nobody may"),
    allowed_hosts: z
      .array(parsed(parseHostName))
      .prefault([])
      .describe("Host names under which requests are answered, beside localhost and that of external_url"),
    allowed_origins: z
      .array(parsed(parseOrigin).meta(webUrl))
      .prefault([])
      .describe("Web pages of other origins that may use the API from a browser"),
  })
  .transform((written) => said(camelKeys(written)))
  .prefault({})
  .describe("The page, the API and our own metrics");
