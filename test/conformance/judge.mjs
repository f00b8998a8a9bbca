// Compares what the evaluator makes of one evaluation with what its script expects.

/** As exact as promqltest compares. */
const near = (a, b) =>
  a === b || (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));

/** `passed`, `failed` with the reason, or `unsupported` with the construct that was refused. */
export function judge(item, engine) {
  const { query, says, expected, storage, broken } = item;
  if (broken !== undefined) return { kind: "failed", why: broken };
  let expr;
  try {
    expr = engine.parseQuery(query);
  } catch (error) {
    return judgeMistake(error, expected, engine);
  }
  const reads = engine.needsOf(expr).flatMap(({ matchers }) => storage.select(matchers));
  if (expected.kind === "native" || reads.some((series) => series.native)) {
    return { kind: "unsupported", reason: "native histograms", construct: "native histogram samples" };
  }
  let result;
  try {
    result = evaluated(expr, item, engine);
  } catch (error) {
    return judgeMistake(error, expected, engine);
  }
  const why = difference(result, expected, says) ?? unsaid(result.notes, says);
  return why === undefined ? { kind: "passed" } : { kind: "failed", why };
}

/** An evaluation that is to fail passes with any mistake but a refusal: that proves nothing about it. */
function judgeMistake(error, expected, { PromqlError, UnsupportedError }) {
  if (!(error instanceof PromqlError)) return { kind: "failed", why: `${error}` };
  if (error instanceof UnsupportedError) {
    return { kind: "unsupported", reason: error.reason, construct: error.message.replace(/ is not supported.*/s, "") };
  }
  return expected.kind === "failure" ? { kind: "passed" } : { kind: "failed", why: error.message };
}

function evaluated(expr, { when, storage }, { evaluate, evaluateRange }) {
  if (when.kind === "instant") return evaluate(expr, storage, when.at);
  return { kind: "matrix", ...evaluateRange(expr, storage, when.from, when.to, when.step) };
}

/** How a result differs from what is expected; undefined where it does not. */
function difference(result, expected, says) {
  if (expected.kind === "failure") return "no mistake, but one is expected";
  if (result.kind !== expected.kind) return `${result.kind}, expected ${expected.kind}`;
  if (result.kind === "string") return result.value === expected.value ? undefined : JSON.stringify(result.value);
  if (result.kind === "scalar") return near(result.value, expected.value) ? undefined : `${result.value}`;
  const rows = result.kind === "vector" ? result.samples.map(toRow) : result.series.map(seriesToRow);
  const found = new Map(rows.map((row) => [row.labels.key, row]));
  const wanted = expected.rows.filter(({ samples }) => samples.length > 0);
  if (found.size !== wanted.length) return `${show(rows)}, expected ${wanted.length} series`;
  for (const { labels, samples } of wanted) {
    const row = found.get(labels.key);
    if (!row) return `${show(rows)}, expected ${labels}`;
    if (!sameSamples(row.samples, samples, result.kind === "matrix")) return `${show([row])}, expected ${samples}`;
  }
  const ordered = says.has("ordered") && rows.some((row, i) => row.labels.key !== wanted[i].labels.key);
  return ordered ? `${show(rows)}, expected in another order` : undefined;
}

const toRow = ({ labels, value }) => ({ labels, samples: [[undefined, value]] });
const seriesToRow = ({ labels, times, values }) => ({
  labels,
  samples: Array.from(times, (time, i) => [time, values[i]]),
});

function sameSamples(found, wanted, timed) {
  if (found.length !== wanted.length) return false;
  return found.every(([time, value], i) => (!timed || time === wanted[i][0]) && near(value, wanted[i][1]));
}

const show = (rows) => rows.map(({ labels, samples }) => `${labels} ${samples.map(([, value]) => value)}`).join("; ");

/** Which note is missing or should not be there. */
function unsaid(notes, says) {
  const has = (level) => notes.some((note) => note.level === level);
  if (says.has("warn") && !has("warning")) return "no warning, but one is expected";
  if (says.has("info") && !has("info")) return "no info, but one is expected";
  if (says.has("no_warn") && has("warning")) return `a warning: ${notes[0].message}`;
  if (says.has("no_info") && has("info")) return `an info: ${notes[0].message}`;
  return undefined;
}
