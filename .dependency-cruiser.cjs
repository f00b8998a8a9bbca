// The import law: which room of src/ may open whose door. One row a room, as in the architecture; a room that is not in the
// table may import nothing. Every room may import `series`, which is the vocabulary they share.

/** Rooms that know neither network, disk, clock nor process. */
const PURE = [
  "series",
  "documents",
  "exposition",
  "models",
  "signals",
  "detectors",
  "promql",
  "rules",
  "alerts",
  "monitor",
];

/** `may`: whole modules. `types`: nothing that exists at run time. `files`: these modules alone. */
const LAW = {
  series: {},
  documents: {},
  exposition: {},
  models: {},
  signals: {},
  detectors: {},
  promql: {},
  rules: { may: ["documents", "signals", "detectors", "models", "promql"] },
  alerts: { types: ["rules"] },
  monitor: { may: PURE },
  // Outgoing HTTP: TLS, authentication, bounds. Whoever fetches or posts goes through it.
  http: { may: ["telemetry"] },
  targets: { may: ["documents", "exposition", "http", "telemetry"] },
  outputs: { may: ["exposition", "http", "telemetry"], types: ["alerts", "rules"] },
  state: { may: ["telemetry"] },
  web: { may: ["telemetry"], types: ["[^/]+"] },
  telemetry: {},
  // What a room lets people write is that room's own schema.
  config: { may: ["documents"], files: ["[^/]+/schema-[^/]+[.]ts"], types: ["alerts", "http", "outputs", "targets"] },
  app: { may: ["[^/]+"] },
  commands: { may: ["app", "config", "documents", "http", "telemetry"], types: ["[^/]+"] },
};

const inside = (patterns) => `^src/(${patterns.join("|")})`;
const rooms = (names) => names.map((name) => `${name}/`);

/** What one row of the table forbids. */
function rowRules(room, { may = [], types = [], files = [] }) {
  const own = room === "telemetry" ? [room] : [room, "series"];
  const open = [...rooms([...own, ...may]), ...files];
  const from = { path: `^src/${room}/` };
  const rules = [
    {
      name: `${room}-stays-in-its-place`,
      comment: `src/${room} imports a room that the import law does not open to it`,
      severity: "error",
      from,
      to: { path: "^src/", pathNot: inside([...open, ...rooms(types)]) },
    },
  ];
  if (types.length > 0) {
    rules.push({
      name: `${room}-imports-types-only`,
      comment: `src/${room} may import types of this room and nothing else`,
      severity: "error",
      from,
      to: { path: inside(rooms(types)), pathNot: inside(open), dependencyTypesNot: ["type-only"] },
    });
  }
  return rules;
}

module.exports = {
  forbidden: [
    {
      name: "no-circular",
      comment: "Modules that import each other, types included, are one module",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      comment: "Nothing imports this module and it imports nothing",
      severity: "error",
      from: { orphan: true, pathNot: "[.]d[.]ts$" },
      to: {},
    },
    {
      name: "no-unresolvable",
      comment: "The module does not exist",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-unknown-room",
      comment: "A folder of src/ that has no row in the import law",
      severity: "error",
      from: { path: "^src/[^/]+/", pathNot: inside(rooms(Object.keys(LAW))) },
      to: {},
    },
    {
      name: "main-starts-commands",
      comment: "src/main.ts knows the command line and nothing else",
      severity: "error",
      from: { path: "^src/[^/]+$" },
      to: { path: "^src/", pathNot: "^src/commands/" },
    },
    {
      name: "nobody-imports-what-runs-it",
      comment: "commands/ and main.ts are the way in; only main.ts imports commands/",
      severity: "error",
      from: { path: "^src/[^/]+/", pathNot: "^src/commands/" },
      to: { path: "^src/(commands/|[^/]+$)" },
    },
    {
      name: "pure-rooms-stay-pure",
      comment: "A room without network, disk, clock and process imports a package that exists for one of them",
      severity: "error",
      from: { path: inside(rooms(PURE)) },
      to: { path: "node_modules/(commander|express|nodemailer|pino|prom-client|tinyglobby|undici)/" },
    },
    {
      name: "dependencies-are-declared",
      comment: "The program imports a package that package.json does not list under dependencies",
      severity: "error",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "browser-part-knows-the-api-only",
      comment: "web/ui/ runs in a browser: it imports its own files and web/api-types",
      severity: "error",
      from: { path: "^src/web/ui/" },
      to: { path: "^src/", pathNot: "^src/web/(ui/|api-types[.]ts$)" },
    },
    ...Object.entries(LAW).flatMap(([room, row]) => rowRules(room, row)),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // Types are imports too: without this an `import type` would be no import.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types", "default"],
      extensions: [".ts", ".d.ts", ".js", ".json"],
    },
  },
};
