/**
 * npm run eval: how often the diagnosis is right, by stratum, in worlds with known faults.
 *   --json          print the figures as one JSON document
 *   --gate          a bounded sample, held against eval/figures.json; exits 1 where a stratum fell
 *   --calibration   the worlds in which strengths are set, and how often each outcome was seen there
 *   --only <text>   cases whose id contains it; writes nothing
 * Recordings are kept while what gathers them stays the same: after a change of a judge or a plan the
 * same facts are judged and weighed again.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadConfig } from "../src/compose.ts";
import { casesOf, fullSizes, type Case } from "./cases.ts";
import { frequenciesOf } from "./frequencies.ts";
import { fallsOf, readRecorded, sampleOf, toRecorded } from "./gate.ts";
import { reliabilityPicture } from "./picture.ts";
import { record, recordingsIn } from "./record.ts";
import { accuracyDocument, terminalTable } from "./report.ts";
import { figuresByStratum } from "./strata.ts";
import type { Family } from "./shapes.ts";
import { asItTurnedOut } from "./turned-out.ts";
import { weighRecording, type Weighed } from "./weigh-cases.ts";

const root = new URL("..", import.meta.url).pathname;
const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    gate: { type: "boolean", default: false },
    calibration: { type: "boolean", default: false },
    only: { type: "string" },
  },
});
const family: Family = values.calibration ? "calibration" : "scoring";
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** What decides which facts are gathered: a recording of other sources is none. */
function gatheredBy(): string {
  const hash = createHash("sha256");
  for (const room of [
    "src/clients",
    "src/core",
    "src/engine",
    "src/facts",
    "src/sandbox",
    "eval",
  ]) {
    const files = readdirSync(join(root, room), { recursive: true, encoding: "utf8" });
    for (const name of files.filter((file) => file.endsWith(".ts")).toSorted()) {
      if (room === "eval" && !/^(?:cases|conditions|novel|record-worker|shapes)\.ts$/u.test(name))
        continue;
      hash.update(name).update(readFileSync(join(root, room, name)));
    }
  }
  return hash
    .update(readFileSync(join(root, "hokusai.yaml")))
    .digest("hex")
    .slice(0, 12);
}

async function weighAll(
  cases: readonly Case[],
  file: string,
): Promise<{ readonly rows: readonly Weighed[]; readonly leftOut: readonly string[] }> {
  const config = await loadConfig({ env: { AWS_REGION: "us-east-1" }, cwd: root });
  // What is true may have been corrected since: the case as it is now counts.
  const wanted = new Map(cases.map((one) => [one.id, one]));
  const rows: Weighed[] = [];
  const leftOut = new Set<string>();
  for await (const recording of recordingsIn(file)) {
    const given = wanted.get(recording.case.id);
    if (given === undefined) continue;
    const turnedOut = asItTurnedOut(given, recording);
    if (turnedOut === null) leftOut.add(given.id);
    else rows.push(...weighRecording({ ...recording, case: turnedOut }, config));
  }
  return {
    rows: rows.toSorted((a, b) => a.said.id.localeCompare(b.said.id)),
    leftOut: [...leftOut],
  };
}

const started = performance.now();
const scratch = values.gate ? mkdtempSync(join(tmpdir(), "hokusai-eval-")) : null;
try {
  const all = casesOf(family, fullSizes[family]).filter(
    ({ id }) => values.only === undefined || id.includes(values.only),
  );
  const cases = values.gate ? sampleOf(all) : all;
  const file = join(scratch ?? join(root, "eval/recordings"), `${family}-${gatheredBy()}.jsonl`);
  const failed = await record(cases, file, (done, of) => {
    if (done % 25 === 0 || done === of)
      say(`${done} of ${of} worlds, ${Math.round((performance.now() - started) / 1000)} s`);
  });
  for (const { id, problem } of failed) say(`could not run ${id}: ${problem}`);
  const { rows, leftOut } = await weighAll(cases, file);
  const figures = figuresByStratum(rows);
  if (values.json)
    process.stdout.write(`${JSON.stringify({ family, failed, figures }, null, 2)}\n`);
  else process.stdout.write(`${terminalTable(figures)}\n${rows.length} cases\n`);
  if (values.gate) {
    const falls = fallsOf(figures, readRecorded());
    for (const fall of falls) say(fall);
    say(falls.length === 0 ? "no stratum fell" : `${falls.length} figures fell`);
    process.exitCode = falls.length === 0 && failed.length === 0 ? 0 : 1;
  } else if (values.only === undefined && values.calibration) {
    writeFileSync(
      join(root, "eval/frequencies.json"),
      `${JSON.stringify(frequenciesOf(rows), null, 1)}\n`,
    );
  } else if (values.only === undefined) {
    const document = accuracyDocument({ rows, figures, worlds: cases.length, failed, leftOut });
    writeFileSync(join(root, "docs/accuracy.md"), document);
    writeFileSync(
      join(root, "docs/accuracy.svg"),
      reliabilityPicture(
        figures
          .filter(({ stratum }) => stratum === "single" || stratum === "double")
          .filter(({ denied, flipped }) => denied === flipped)
          .map(({ name, diagnosis }) => ({ name, bins: diagnosis.reliability })),
      ),
    );
    writeFileSync(
      join(root, "eval/figures.json"),
      `${JSON.stringify(toRecorded(figures), null, 2)}\n`,
    );
  }
} finally {
  if (scratch !== null) rmSync(scratch, { recursive: true, force: true });
}
