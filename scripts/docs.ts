/** npm run docs: writes the documents that are generated from code. */
import { writeFileSync } from "node:fs";
import { allChecks } from "#checks/index.ts";
import { checksManual } from "#reports/checks-manual.ts";

writeFileSync(new URL("../docs/checks.md", import.meta.url), checksManual(allChecks));
