import { type Html, html } from "./html.ts";

/** A page of ours. */
export interface Page {
  readonly title: string;
  /** From the page to the root: "" or "../", because a proxy may serve us under a path. */
  readonly root: "" | "../";
  readonly version: string;
  /** It shows what is so now: the script keeps it up to date. */
  readonly live: boolean;
  readonly main: Html;
}

/** Puts a page's content between what all pages have. */
export function layout({ title, root, version, live, main }: Page): string {
  return html`<!doctype html>
<html lang="en" data-root="${root}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${root}ui/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${root}ui/style.css">
${live && html`<script src="${root}ui/app.js" defer></script>`}
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="bar">
<a class="brand" href="${root === "" ? "./" : root}">triton-sentinel</a>
<p id="live" class="live" role="status"></p>
</header>
<main id="main"${live && html` data-live`}>
${main}
</main>
<footer class="foot">
<p>triton-sentinel ${version}. Not affiliated with NVIDIA.</p>
<nav aria-label="For programs"><a href="${root}metrics">Metrics</a> <a href="${root}api/v1/alerts">Alerts</a>
<a href="${root}api/v1/rules">Rules</a> <a href="${root}api/v1/events">Events</a>
<a href="${root}api/v1/status/runtimeinfo">Status</a> <a href="${root}api/v1/status/config">Configuration</a>
<a href="${root}api/v1/openapi.json">API</a></nav>
</footer>
</body>
</html>
`.text;
}
