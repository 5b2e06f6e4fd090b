import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { openListener } from "../../src/sandbox/net/wires.ts";

it("a process that comes back waits for its port, if somebody has it meanwhile", async () => {
  let mode: "running" | "stopped" = "running";
  const listener = await openListener(
    () => mode,
    (socket) => socket.end("back"),
  );
  const { port } = listener;
  mode = "stopped";
  await listener.sync();
  const other = createServer().listen(port, "127.0.0.1");
  await once(other, "listening");

  mode = "running";
  const back = listener.sync();
  await sleep(120);
  other.close();
  await back;

  const socket = connect(port, "127.0.0.1");
  const [said] = (await once(socket, "data")) as [Buffer];
  expect([listener.port, said.toString()]).toEqual([port, "back"]);
  socket.destroy();
  await listener.close();
});
