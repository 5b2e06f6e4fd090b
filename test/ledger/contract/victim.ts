/** A process that is killed in the middle of its work: see restart.test.ts. */
import { systemClock } from "#core/clock.ts";
import { openLedger } from "#ledger/open-ledger.ts";
import { command, events } from "./runs.ts";

const [databaseUrl, dataDirectory] = JSON.parse(process.argv[2] ?? "[]") as [string | null, string];
const now = (): string => new Date().toISOString();
const die = (problem: string): void => {
  process.stderr.write(`${problem}\n`);
};
const ledger = await openLedger({ databaseUrl, dataDirectory, clock: systemClock, onProblem: die });
const outbox = ledger.openOutbox(
  new Map([
    [
      "say.it",
      async () => {
        process.send?.({ sending: true });
        await new Promise(() => undefined);
      },
    ],
  ]),
);
outbox.start();
await ledger.commands.work(async ({ investigationId: id, incident }) => {
  await ledger.append(incident.id, id, events.started(id, "21", now()));
  await ledger.append(incident.id, id, events.fact("stored", { deep: [1, 2] }, now()));
  await outbox.put({ key: `${id}/post`, queue: "q", kind: "say.it", payload: id });
  return new Promise(() => undefined);
});
const { investigationId } = await ledger.commands.accept(command("21"), "q", "delivery-1");
process.send?.({ investigationId });
setInterval(() => undefined, 1_000);
