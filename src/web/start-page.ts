/** Text as it may stand in HTML, between tags and in quoted attributes. */
function html(text: string): string {
  const entities = new Map([
    ["&", "&amp;"],
    ["<", "&lt;"],
    [">", "&gt;"],
    ['"', "&quot;"],
    ["'", "&#39;"],
  ]);
  return text.replace(/[&<>"']/g, (char) => entities.get(char) ?? char);
}

const LINKS = ["metrics", "-/healthy", "-/ready"] as const;

/** The page at "/": says what runs here and links what can be read. Its links are relative, so that it works behind a proxy. */
export function startPage(version: string): string {
  const links = LINKS.map((path) => `<li><a href="${html(path)}">/${html(path)}</a></li>`).join("\n");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>triton-sentinel</title>
<h1>triton-sentinel ${html(version)}</h1>
<ul>
${links}
</ul>
</html>
`;
}
