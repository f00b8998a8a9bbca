import { describe, expect, test } from "vitest";
import type { ApiAlert } from "../../src/web/api-types.ts";
import { HOSTILE, sampleQuery } from "./sample-query.ts";
import { jsonOf, site } from "./site.ts";

const TAGS = new Set(
  "html head meta title link script body a header p main h1 h2 h3 dl div dt dd section ul li span bdi strong time table thead tbody tr th td ol footer nav article em code pre".split(
    " ",
  ),
);
const ATTRIBUTES = new Set(
  "lang data-root charset name content rel href type src defer class id role aria-labelledby aria-label data-live datetime title scope data-name reversed tabindex".split(
    " ",
  ),
);

/** Every tag of a page with its attributes; what is not well-formed fails. */
function tagsOf(page: string) {
  const found: { name: string; attributes: Map<string, string> }[] = [];
  const text = page
    .replace(/^<!doctype html>\n/, "")
    .replace(/<\/?([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*>/g, (tag, name: string, attributes: string) => {
      const pairs = [...attributes.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(
        ([, key, value = ""]) => [key!, value] as const,
      );
      if (!tag.startsWith("</")) found.push({ name, attributes: new Map(pairs) });
      return "";
    });
  expect(text).not.toMatch(/[<>]/);
  return { tags: found, text };
}

const PAGES = [
  "/",
  "/alerts/0000000000000000",
  "/alerts/0000000000000001",
  "/alerts/0000000000000022",
  "/alerts/none",
  "/runbooks/TritonModelReloaded",
  "/runbooks/none",
];

describe.each(PAGES)("%s", (path) => {
  test("has only tags and attributes of ours, whatever models are called", async () => {
    const { ask } = await site();
    const got = await ask(path);
    expect(got.headers["content-type"]).toBe("text/html; charset=utf-8");
    const { tags } = tagsOf(got.text);
    expect([...new Set(tags.map(({ name }) => name))].filter((name) => !TAGS.has(name))).toEqual([]);
    const attributes = tags.flatMap((tag) => [...tag.attributes.keys()]);
    expect(attributes.filter((name) => !ATTRIBUTES.has(name))).toEqual([]);
    expect(
      tags.filter(({ name }) => name === "script").every((tag) => tag.attributes.get("src")?.endsWith("ui/app.js")),
    ).toBe(true);
  });

  test("links relatively, so that it works under a proxy's path", async () => {
    const { ask } = await site();
    const { tags } = tagsOf((await ask(path)).text);
    const links = tags.flatMap(({ attributes }) => attributes.get("href") ?? attributes.get("src") ?? []);
    expect(links.filter((link) => link.startsWith("/") || link.includes(":"))).toEqual([]);
  });

  test("leads nowhere that is not there", async () => {
    const { ask, server } = await site();
    const { tags } = tagsOf((await ask(path)).text);
    const links = new Set(tags.flatMap(({ attributes }) => attributes.get("href") ?? attributes.get("src") ?? []));
    for (const link of links) {
      const url = new URL(link, `http://127.0.0.1:${server.port}${path}`);
      expect([link, (await ask(url.pathname)).status]).toEqual([
        link,
        path.endsWith("none") && url.pathname === path ? 404 : 200,
      ]);
    }
  });
});

test("the page shows what is so: alerts by gravity, targets, models, events, outputs", async () => {
  const { ask } = await site();
  const { text } = tagsOf((await ask("/")).text);
  expect(text).toContain("6 alerts fire");
  expect(text.lastIndexOf("Pending")).toBeGreaterThan(text.lastIndexOf("TritonModelReloaded"));
  for (const part of [
    "Fires as it should: SentinelWatchdog",
    "unreachable: &lt;b&gt;refused",
    "1 dropped by relabelling",
    "&lt;ops&gt;",
    "503 &lt;html&gt;",
    "The last reload of the configuration failed",
    "80 MiB",
  ]) {
    expect(text).toContain(part);
  }
});

test("marks that reorder text, and control characters, are shown as what they are", async () => {
  const { ask } = await site();
  const page = (await ask("/")).text;
  expect(page).toContain("bert\\u202egnp.exe");
  expect(page).toContain("a\\nb\\u0000c");
  expect(["\u202e", "\u0000"].filter((mark) => page.includes(mark))).toEqual([]);
});

test("a flood of alerts and models is cut, and the page says where the rest is", async () => {
  const [one] = sampleQuery.alerts(false).alerts;
  const many = Array.from(
    { length: 5_000 },
    (_, i): ApiAlert => ({ ...one!, labels: { ...one!.labels, model: `m${i}` } }),
  );
  const models = Array.from({ length: 5_000 }, () => sampleQuery.models().models[0]!);
  const { ask } = await site({ query: { alerts: () => ({ alerts: many }), models: () => ({ models }) } });
  const got = await ask("/");
  expect(got.text).toContain("5000 alerts fire");
  expect(got.text).toContain("4900 more in");
  expect(got.text).toContain("4800 more in");
  expect(got.body.length).toBeLessThan(300_000);
});

test.each([
  [{ ready: () => false, alerts: () => ({ alerts: [] }) }, "Waiting for a first successful scrape"],
  [{ alerts: () => ({ alerts: [] }) }, "All quiet"],
])("where nothing fires it says so", async (query, verdict) => {
  const { ask } = await site({ query });
  expect((await ask("/")).text).toContain(verdict);
});

test("an alert's page has all of it; one that ended is found as long as it is remembered", async () => {
  const { ask } = await site();
  const { text } = tagsOf((await ask("/alerts/0000000000000004")).text);
  expect(text).toContain("Line one of a/b?c#d%20&amp;amp;\nline two");
  expect(text).toContain("in place");
  const ended = tagsOf((await ask("/alerts/0000000000000022")).text).text;
  expect(ended).toContain("resolved");
  expect(ended.replaceAll("\n", " ")).toMatch(/Called expected by alice .*: .*up to 31 % was called normal/);
  expect(await ask("/alerts/ffffffffffffffff")).toMatchObject({
    status: 404,
    text: expect.stringContaining("no such alert"),
  });
});

test.each([
  ["https://wiki.example/x?a=1&b=2", 'href="https://wiki.example/x?a=1&amp;b=2"'],
  ["javascript:alert(1)", "Runbook: javascript:alert(1)"],
  ['https://x.example/"onclick="alert(1)', "Runbook: https://x.example/&quot;onclick"],
  ["docs/runbooks/../../etc.md", "Runbook: docs/runbooks/../../etc.md"],
  ["//evil.example", "Runbook: //evil.example"],
])("the runbook %s is a link only where it is a web address or ours", async (url, shown) => {
  const [one] = sampleQuery.alerts(false).alerts;
  const alerts = () => ({ alerts: [{ ...one!, annotations: { runbook_url: url } }] });
  const { ask } = await site({ query: { alerts } });
  expect((await ask("/")).text).toContain(shown);
});

test("the script and the style are our own files, under a policy that allows no other", async () => {
  const { ask } = await site();
  expect((await ask("/ui/app.js")).headers["content-type"]).toBe("text/javascript; charset=utf-8");
  expect((await ask("/ui/style.css")).headers["content-type"]).toBe("text/css; charset=utf-8");
  expect((await ask("/ui/icon.svg")).headers["content-type"]).toContain("image/svg+xml");
  const script = (await ask("/ui/app.js")).text;
  expect(() => new Function(script)).not.toThrow();
  expect(script).not.toMatch(/innerHTML\s*=[^=]|\beval\(|document\.write/);
});

test("pages are no part of the API's description", async () => {
  const { ask } = await site();
  const { paths } = jsonOf(await ask("/api/v1/openapi.json"));
  expect(Object.keys(paths).filter((path) => !/^\/(api\/v1|-|metrics)/.test(path))).toEqual([]);
  expect(HOSTILE.length).toBeGreaterThan(0);
});

test("the status page says how many subjects are still learned, and for how long", async () => {
  const page = async (learning: { readonly subjects: number; readonly slowest?: string }) => {
    const { ask } = await site({ query: { runtimeInfo: () => ({ ...sampleQuery.runtimeInfo(), learning }) } });
    return (await ask("/")).body.toString();
  };
  expect(await page({ subjects: 3, slowest: "learning, about 40 s more" })).toContain(
    "3 of what detectors watch are still new: learning, about 40 s more",
  );
  expect(await page({ subjects: 1, slowest: "learning" })).toContain(
    "1 of what detectors watch is still new: learning",
  );
  expect(await page({ subjects: 0 })).not.toContain("still new");
});
