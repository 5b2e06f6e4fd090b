/** Run as a process of its own: makes an empty database in the directory named, and ends. */
import { PGlite } from "@electric-sql/pglite";

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error("usage: create-database <directory>");
const database = await PGlite.create({ dataDir: directory });
await database.close();
