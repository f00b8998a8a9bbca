/** How the pages look: light or dark as the reader likes it, from 320 pixels up. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --back: #f4f6f8; --card: #fff; --ink: #17212b; --quiet: #566372; --line: #d8dfe6; --link: #0b5c86;
  --critical: #b3161e; --warning: #8a5200; --info: #1d5fa8; --ok: #17703d; --none: #5b6673; --on: #fff;
  --code: #eef1f4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #10161c; --card: #19212a; --ink: #e5ebf1; --quiet: #9cabb9; --line: #2d3945; --link: #7cc4ea;
    --critical: #ff8f89; --warning: #f0b04c; --info: #82b9ff; --ok: #6ccf95; --none: #a5b1bd; --on: #10161c;
    --code: #222d38;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--back); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible, pre:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
h1, h2, h3 { line-height: 1.25; margin: 0; }
h2 { font-size: 1.15rem; margin-bottom: .6rem; }
h3 { font-size: 1rem; }
p { margin: .35rem 0; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .3rem .6rem; z-index: 1; }
.bar, main, .foot { max-width: 72rem; margin: 0 auto; padding: 0 1rem; }
.bar { display: flex; justify-content: space-between; align-items: center; gap: 1rem; padding-top: .8rem; padding-bottom: .8rem; }
.brand { font-weight: 700; color: var(--ink); text-decoration: none; }
.live { margin: 0; font-size: .875rem; color: var(--quiet); }
.live[data-state]::before { content: ""; display: inline-block; width: .6em; height: .6em; margin-right: .45em; border-radius: 50%; background: var(--ok); }
.live[data-state=stale] { color: var(--critical); font-weight: 600; }
.live[data-state=stale]::before { background: var(--critical); border-radius: 0; }
.verdict { font-size: 1.6rem; padding: .2rem 0 .2rem .8rem; border-left: .35rem solid var(--ok); margin-bottom: 1rem; }
.verdict.critical { border-color: var(--critical); }
.verdict.warning { border-color: var(--warning); }
.verdict.info { border-color: var(--info); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .6rem; margin: 0 0 1.5rem; }
.tile, .card, table, .events, .numbers, .notice { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
.tile { padding: .5rem .8rem; }
dt { color: var(--quiet); font-size: .8125rem; }
dd { margin: 0; }
.tile dd { font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
section { margin-bottom: 1.75rem; }
.cards { list-style: none; margin: 0; padding: 0; display: grid; gap: .6rem; }
.card { padding: .75rem 1rem; border-left-width: .35rem; }
article.card { margin-bottom: 1.5rem; }
.alert { border-left-color: var(--none); }
.alert.critical { border-left-color: var(--critical); }
.alert.warning { border-left-color: var(--warning); }
.alert.info { border-left-color: var(--info); }
.alert.pending, .alert.resolved { border-left-style: dashed; }
.alert h1 { font-size: 1.4rem; }
.badge { display: inline-block; padding: .05rem .5rem; border-radius: 1rem; font-size: .8125rem; font-weight: 600; color: var(--on); background: var(--none); white-space: nowrap; }
.badge.critical { background: var(--critical); }
.badge.warning { background: var(--warning); }
.badge.info { background: var(--info); }
.badge.ok { background: var(--ok); }
.state, .more, .empty, .foot, .events time, .kind { color: var(--quiet); }
.state { font-size: .9375rem; }
.held { color: var(--warning); }
.summary { font-size: 1.0625rem; }
.labels { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem; margin: .5rem 0 0; padding: 0; font-size: .875rem; }
.labels li { background: var(--code); border-radius: .3rem; padding: .1rem .45rem; max-width: 100%; }
.key { color: var(--quiet); }
.feedback { font-size: .9375rem; margin-bottom: 0; }
.runbook { font-size: .9375rem; margin-bottom: 0; }
.notice { border-color: var(--critical); padding: .75rem 1rem; margin-bottom: 1.5rem; }
.empty { margin: 0; }
table { width: 100%; border-collapse: separate; border-spacing: 0; font-size: .9375rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem; border-top: 1px solid var(--line); font-weight: 400; font-variant-numeric: tabular-nums; }
thead th { border-top: 0; color: var(--quiet); font-size: .8125rem; }
tbody th { font-weight: 600; }
.events { list-style: none; margin: 0; padding: .3rem 0; }
.events li { padding: .25rem .8rem; display: grid; grid-template-columns: 4.6rem 7.4rem 1fr; gap: .5rem; }
.events time { font-variant-numeric: tabular-nums; }
.lines { white-space: pre-line; max-width: 48rem; }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .6rem 1rem; margin: 0; padding: .75rem 1rem; }
.text { max-width: 48rem; padding-bottom: 1rem; }
.text h1 { margin-bottom: .8rem; }
.text h2 { margin: 1.4rem 0 .4rem; }
.text table { margin: .8rem 0; }
code { background: var(--code); border-radius: .25rem; padding: .05rem .3rem; font: .875em ui-monospace, monospace; }
pre { background: var(--code); border-radius: .5rem; padding: .75rem 1rem; overflow-x: auto; overflow-wrap: normal; }
pre code { padding: 0; background: none; }
td code { overflow-wrap: normal; }
.foot { border-top: 1px solid var(--line); padding-top: .8rem; padding-bottom: 1.5rem; margin-top: 2rem; font-size: .875rem; display: flex; flex-wrap: wrap; justify-content: space-between; gap: .5rem 2rem; }
.foot p { margin: 0; }
.foot nav { display: flex; flex-wrap: wrap; gap: .3rem 1rem; }
@media (max-width: 40rem) {
  .verdict { font-size: 1.3rem; }
  .alert h1, .text h1 { font-size: 1.0625rem; }
  .numbers { grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr)); }
  .tiles { grid-template-columns: 1fr 1fr; }
  .events li { grid-template-columns: 4.6rem 1fr; }
  .events bdi { grid-column: 1 / -1; }
  table:not(.plain) thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table:not(.plain) tr { display: block; padding: .4rem 0; border-top: 1px solid var(--line); }
  table:not(.plain) tbody tr:first-child { border-top: 0; }
  table:not(.plain) :is(th, td) { display: block; border: 0; padding: .1rem .8rem; }
  table:not(.plain) td { display: grid; grid-template-columns: 6.5rem 1fr; }
  table:not(.plain) td:has(bdi:empty) { display: none; }
  td[data-name]::before { content: attr(data-name); color: var(--quiet); }
}
@media print { .bar .live, .skip, .foot nav { display: none; } }
`;
