import { html } from "./html.ts";
import { layout } from "./layout.ts";
import { markdown } from "./markdown.ts";

/** A packaged runbook as a page. */
export function runbookPage(name: string, text: string, version: string): string {
  const main = html`<article class="text">${markdown(text)}</article>`;
  return layout({ title: `${name}: triton-sentinel`, root: "../", version, live: false, main });
}
