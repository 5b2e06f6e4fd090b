import type { RunVerdict } from "#core/diagnosis.ts";
import { HokusaiError } from "#core/errors.ts";
import type { Investigation } from "#core/investigation.ts";
import { toDocument } from "#reports/json.ts";
import type { Terminal } from "./terminal.ts";

const exitCodes: Readonly<Record<RunVerdict, number>> = {
  healthy: 0,
  fault: 1,
  inconclusive: 2,
  "not-reproduced": 2,
};

export const exitCodeOf = (run: Investigation): number =>
  run.diagnosis === null ? 2 : exitCodes[run.diagnosis.verdict];

export const printDocument = (run: Investigation, terminal: Terminal): void =>
  terminal.out(`${JSON.stringify(toDocument(run), null, 2)}\n`);

/** What --save writes: the run with its facts. Redacted like everything else, and readable by its owner only. */
export interface RunRecord {
  readonly format: "hokusai-run";
  readonly formatVersion: 1;
  readonly run: Investigation;
}

export const toRecord = (run: Investigation): RunRecord => ({
  format: "hokusai-run",
  formatVersion: 1,
  run,
});

export function readRecord(text: string, file: string): Investigation {
  const wrong = (why: string, cause?: unknown): HokusaiError =>
    new HokusaiError("usage", `${file} is no saved run: ${why}.`, {
      next: "Save one with: hokusai check model 21 --save run.json",
      cause,
    });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw wrong("it is not JSON", error);
  }
  if (
    typeof parsed !== "object" ||
    parsed === null ||
    !("format" in parsed) ||
    parsed.format !== "hokusai-run"
  ) {
    throw wrong('it does not begin with "format": "hokusai-run"');
  }
  const record = parsed as Partial<RunRecord>;
  if (record.formatVersion !== 1) {
    throw wrong(
      `its format is version ${String(record.formatVersion)}, this program reads version 1`,
    );
  }
  const run = record.run as Partial<Investigation> | undefined;
  const complete = [
    run?.facts,
    run?.earlier,
    run?.plan?.priorities,
    run?.target?.service,
    run?.startedAt,
  ];
  if (run === undefined || complete.some((part) => part === undefined))
    throw wrong("parts of it are missing");
  return run as Investigation;
}
