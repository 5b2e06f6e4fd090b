/** Run as a process of its own: makes an empty database in the directory named, and ends. */
import v8 from "node:v8";
import { PGlite } from "@electric-sql/pglite";

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error("usage: create-database <directory>");
// As embedded-home.ts does, which this process does without.
v8.setFlagsFromString("--no-wasm-dynamic-tiering");
v8.setFlagsFromString("--no-wasm-tier-up");
const database = await PGlite.create({ dataDir: directory });
await database.close();
