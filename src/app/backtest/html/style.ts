/** How the report looks: light or dark as the reader likes it, from 320 pixels up. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --back: #f4f6f8; --card: #fff; --ink: #17212b; --quiet: #566372; --line: #d8dfe6; --grid: #e7ecf0;
  --critical: #b3161e; --warning: #b26a00; --info: #1d5fa8; --band: #9cc3e4; --seen: #0b5c86; --theirs: #7a4fb0;
  --added: #b3161e; --removed: #17703d;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #10161c; --card: #19212a; --ink: #e5ebf1; --quiet: #9cabb9; --line: #2d3945; --grid: #242e38;
    --critical: #ff8f89; --warning: #f0b04c; --info: #82b9ff; --band: #2f5878; --seen: #7cc4ea; --theirs: #c3a1f0;
    --added: #ff8f89; --removed: #6ccf95;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--back); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 76rem; margin: 0 auto; padding: 1rem 1rem 3rem; }
h1 { font-size: 1.5rem; margin: .5rem 0 .25rem; line-height: 1.25; }
h2 { font-size: 1.15rem; margin: 2rem 0 .6rem; line-height: 1.25; }
h3 { font-size: 1rem; margin: 0; line-height: 1.35; }
p { margin: .25rem 0; }
.quiet { color: var(--quiet); font-size: .875rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; margin: 0 0 .9rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .7rem; margin: 1rem 0; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .55rem .9rem; }
.tile b { display: block; font-size: 1.4rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile span { color: var(--quiet); font-size: .875rem; }
.notes { margin: .3rem 0 0; padding-left: 1.1rem; color: var(--quiet); font-size: .875rem; }
.bad { color: var(--critical); }
.head { display: flex; flex-wrap: wrap; gap: .1rem .8rem; align-items: baseline; justify-content: space-between; }
.labels { color: var(--quiet); font-size: .875rem; }
svg { display: block; width: 100%; overflow: visible; }
.plot { height: 150px; margin-top: .4rem; }
.lane { height: 22px; }
.axis { height: 20px; }
text { fill: var(--quiet); font: 11px system-ui, sans-serif; }
.y { paint-order: stroke; stroke: var(--card); stroke-width: 3px; }
.grid { stroke: var(--grid); stroke-width: 1; }
.band { fill: var(--band); fill-opacity: .42; }
.expected { fill: none; stroke: var(--band); stroke-width: 1.5; stroke-dasharray: 4 3; }
.theirs { fill: none; stroke: var(--theirs); stroke-width: 1.25; stroke-dasharray: 2 3; }
.spread { fill: var(--seen); fill-opacity: .25; }
.scrapes { fill: none; stroke: var(--seen); stroke-opacity: .4; stroke-width: 1; }
.seen { fill: none; stroke: var(--seen); stroke-width: 1.6; stroke-linejoin: round; }
.expected, .theirs, .scrapes, .seen { vector-effect: non-scaling-stroke; }
.episode { fill: var(--critical); fill-opacity: .12; }
.bar { fill: var(--critical); } .bar.warning { fill: var(--warning); } .bar.info { fill: var(--info); }
.bar.other { fill: var(--theirs); }
.track { fill: var(--grid); }
.dot { display: inline-block; width: .65em; height: .65em; border-radius: 50%; background: var(--quiet); margin-right: .4em; }
.dot.critical { background: var(--critical); } .dot.warning { background: var(--warning); } .dot.info { background: var(--info); }
.rows { display: grid; grid-template-columns: minmax(10rem, 17rem) 1fr; gap: .15rem 1rem; align-items: center; font-size: .9375rem; }
.key { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin: 0 0 .8rem; color: var(--quiet); font-size: .875rem; align-items: center; }
.key span { display: inline-flex; align-items: center; gap: .4rem; }
.key svg { width: 26px; height: 12px; flex: none; }
.wide { overflow-x: auto; padding: 0; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem; border-top: 1px solid var(--line); font-weight: 400; font-variant-numeric: tabular-nums; }
thead th { border-top: 0; color: var(--quiet); font-size: .8125rem; white-space: nowrap; }
tbody th { font-weight: 600; }
.n { text-align: right; white-space: nowrap; }
.t { white-space: nowrap; }
.other { color: var(--theirs); }
.sign { font-weight: 700; } .sign.added { color: var(--added); } .sign.removed { color: var(--removed); }
@media (max-width: 44rem) {
  .rows { grid-template-columns: 1fr; gap: 0; }
  .rows .lane { margin-bottom: .5rem; }
  .sparse { display: none; }
  table thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table tr { display: block; padding: .45rem 0; border-top: 1px solid var(--line); }
  table tbody tr:first-child { border-top: 0; }
  table :is(th, td) { display: grid; grid-template-columns: 6.5rem 1fr; border: 0; padding: .1rem .9rem; text-align: left; white-space: normal; }
  table td:empty { display: none; }
  table.short tr { display: grid; grid-template-columns: 1fr 1fr; }
  table.short th { grid-column: 1 / -1; display: block; }
  table.short td { grid-template-columns: 4.5rem 1fr; padding-right: .3rem; }
  table .n { text-align: left; white-space: normal; }
  [data-name]::before { content: attr(data-name); color: var(--quiet); font-weight: 400; }
}
@media print { .card { break-inside: avoid; } }
`;
