import { type Html, html, type Part } from "./html.ts";

const FENCE = /^```.*$\n?/m;

/** As much of Markdown as the runbooks use: headings, paragraphs, lists, tables, code. Whatever else there is shows as text. */
export function markdown(text: string): readonly Html[] {
  const found: Html[] = [];
  for (const [i, piece] of text.split(FENCE).entries()) {
    if (i % 2 === 1) found.push(html`<pre tabindex="0"><code>${verbatim(piece.trimEnd())}</code></pre>\n`);
    else for (const block of piece.split(/\n{2,}/)) if (block.trim() !== "") found.push(blockOf(block.trim()));
  }
  return found;
}

function blockOf(block: string): Html {
  const [, marks, title] = /^(#{1,3}) (.*)$/s.exec(block) ?? [];
  if (marks === "#") return html`<h1>${inline(title!)}</h1>\n`;
  if (marks !== undefined) return html`<h2>${inline(title!)}</h2>\n`;
  if (/^\|.*\|\n\|[-| ]+\|/.test(block)) return tableOf(block.split("\n"));
  if (!/^(?:- |\d+\. )/.test(block)) return html`<p>${inline(block)}</p>\n`;
  const items = block
    .split(/\n(?=- |\d+\. )/)
    .map((item) => html`<li>${inline(item.replace(/^(?:- |\d+\. )/, ""))}</li>\n`);
  return block.startsWith("- ") ? html`<ul>${items}</ul>\n` : html`<ol>${items}</ol>\n`;
}

function tableOf([names = "", _rule, ...rows]: readonly string[]): Html {
  const cells = (row: string) =>
    row
      .replace(/^\||\|$/g, "")
      .split("|")
      .map((cell) => inline(cell.trim()));
  const body = rows.map((row) => html`<tr>${cells(row).map((cell) => html`<td>${cell}</td>`)}</tr>\n`);
  return html`<table class="plain"><thead><tr>${cells(names).map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>
${body}</tbody></table>
`;
}

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^()\s]+)\)/g;

/** Code, emphasis and links inside a line; links lead to other runbooks or to the web, never elsewhere. */
function inline(text: string): readonly Part[] {
  const joined = text.replace(/\s*\n\s*/g, " ");
  const parts: Part[] = [];
  let from = 0;
  for (const found of joined.matchAll(INLINE)) {
    const [whole, code, strong, emphasis, name, link] = found;
    parts.push(joined.slice(from, found.index));
    if (code !== undefined) parts.push(html`<code>${code}</code>`);
    else if (strong !== undefined) parts.push(html`<strong>${inline(strong)}</strong>`);
    else if (emphasis !== undefined) parts.push(html`<em>${inline(emphasis)}</em>`);
    else parts.push(linkTo(name!, link!));
    from = found.index + whole.length;
  }
  parts.push(joined.slice(from));
  return parts;
}

function linkTo(name: string, link: string): Part {
  const [, runbook] = /^(\w+)\.md$/.exec(link) ?? [];
  if (runbook !== undefined) return html`<a href="${runbook}">${inline(name)}</a>`;
  if (/^https?:\/\//.test(link)) return html`<a href="${link}" rel="noreferrer noopener">${inline(name)}</a>`;
  return inline(name);
}

/** Lines stay lines; what else could not be seen is shown. */
const verbatim = (code: string): readonly Part[] => code.split("\n").flatMap((line) => [line, NEWLINE]);

const NEWLINE = html`\n`;
