import { expect, test } from "vitest";
import { inPlainWords } from "../../src/outputs/plain-words.ts";

test.each([
  [
    "80EC9D3A7F000000:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl/record.c:354:\\n",
    "the peer does not speak TLS there",
  ],
  [
    "write EPROTO 80EC:error:0A0000C6:SSL routines:tls_get_more_records:packet length too long:a.c:662:\n",
    "the peer does not speak TLS there",
  ],
  [
    "Error initiating TLS - 80EC:error:0A000412:SSL routines:ssl3_read_bytes:sslv3 alert bad certificate:a.c:1605:SSL alert number 42\n",
    "Error initiating TLS - TLS failed: sslv3 alert bad certificate",
  ],
  ["connect ECONNREFUSED 127.0.0.1:1", "connect ECONNREFUSED 127.0.0.1:1"],
  ["self-signed certificate", "self-signed certificate"],
])("%j is told as %j", (said, told) => {
  expect(inPlainWords(said)).toBe(told);
});
