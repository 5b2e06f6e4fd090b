import { describe, expect, it } from "vitest";
import { isLoopback, startLineOf, startPattern } from "#facts/start-lines/announcement.ts";
import { toLineTest } from "../../../src/sandbox/aws/logs/pattern.ts";

/** "0.0.0.0:8001", ":3000" without an address; several with a comma. */
const saidBy = (line: string): string | null => {
  const said = startLineOf(line);
  if (said === null || said.says !== "listens") return said?.says ?? null;
  return said.at.map(({ address, port }) => `${address ?? ""}:${port}`).join(", ");
};

const rows: readonly (readonly [string | null, string])[] = [
  // The servers themselves
  ["0.0.0.0:8001", "INFO:     Uvicorn running on http://0.0.0.0:8001 (Press CTRL+C to quit)"],
  ["127.0.0.1:8001", "INFO:     Uvicorn running on http://127.0.0.1:8001 (Press CTRL+C to quit)"],
  ["localhost:8001", "INFO:     Uvicorn running on http://localhost:8001 (Press CTRL+C to quit)"],
  ["[::]:8001", "INFO:     Uvicorn running on http://[::]:8001 (Press CTRL+C to quit)"],
  ["[::1]:8001", "INFO:     Uvicorn running on https://[::1]:8001 (Press CTRL+C to quit)"],
  [":8001", "INFO:     Uvicorn running on http://task-host:8001 (Press CTRL+C to quit)"],
  [
    "0.0.0.0:8001",
    "\u001b[32mINFO\u001b[0m:     Uvicorn running on \u001b[1mhttp://0.0.0.0:8001\u001b[0m (Press CTRL+C to quit)",
  ],
  [
    "0.0.0.0:8001",
    '{"message": "Uvicorn running on http://0.0.0.0:8001 (Press CTRL+C to quit)", "color_message": "Uvicorn running on %s://%s:%d"}',
  ],
  ["0.0.0.0:8001", "[2026-11-20 14:03:11 +0000] [1] [INFO] Listening at: http://0.0.0.0:8001 (7)"],
  [
    "0.0.0.0:8001, 127.0.0.1:9000",
    "[2026-11-20 14:03:11 +0000] [1] [INFO] Listening at: http://0.0.0.0:8001,http://127.0.0.1:9000 (7)",
  ],
  ["0.0.0.0:8001", "[INFO] Listening at: 0.0.0.0:8001"],
  [
    "0.0.0.0:8001",
    "[2026-11-20 14:03:11 +0000] [8] [INFO] Running on http://0.0.0.0:8001 (CTRL + C to quit)",
  ],
  ["127.0.0.1:8000", "INFO:hypercorn.error:Running on http://127.0.0.1:8000 (CTRL + C to quit)"],
  ["127.0.0.1:5000", " * Running on http://127.0.0.1:5000"],
  ["127.0.0.1:5000", "INFO:werkzeug: * Running on http://127.0.0.1:5000"],
  // Frameworks, and what people write themselves
  [":3000", "Example app listening on port 3000"],
  [":3000", "Server is running on port 3000"],
  ["127.0.0.1:3000", "Server running at http://127.0.0.1:3000/"],
  ["0.0.0.0:3000", '{"level":30,"msg":"Server listening at http://0.0.0.0:3000"}'],
  ["0.0.0.0:3000", "ready - started server on 0.0.0.0:3000, url: http://localhost:3000"],
  ["[::]:3000", "Listening on :::3000"],
  [":8080", "[GIN-debug] Listening and serving HTTP on :8080"],
  [":8080", "2026/11/20 14:03:11 listening on :8080"],
  ["[::]:1323", "http server started on [::]:1323"],
  [":8080", "Tomcat started on port 8080 (http) with context path '/'"],
  [":8080", "Tomcat started on port(s): 8080 (http) with context path ''"],
  ["[::]:8080", "Now listening on: http://[::]:8080"],
  ["0.0.0.0:8000", "Serving HTTP on 0.0.0.0 port 8000 (http://0.0.0.0:8000/) ..."],
  ["0.0.0.0:3000", "* Listening on tcp://0.0.0.0:3000"],
  // By hand, a name is a link to click on: what was bound is not told
  [":3000", "Listening on http://localhost:3000"],
  [":3000", "Server Running on http://localhost:3000"],
  // No port of the program
  ["socket", "INFO:     Uvicorn running on unix socket /tmp/app.sock (Press CTRL+C to quit)"],
  ["socket", "[2026-11-20 14:03:11 +0000] [1] [INFO] Listening at: unix:/run/gunicorn.sock (7)"],
  ["started", "INFO:     Application startup complete."],
  [null, "INFO:     Started server process [1]"],
  [null, "INFO:     Waiting for application startup."],
  [null, "Debugger listening on ws://127.0.0.1:9229/0f2c936f"],
  [null, "Prometheus metrics server listening on port 9090"],
  [null, "worker is listening for jobs on redis://cache:6379"],
  [null, "consumer listening to 10.0.4.9:9092"],
  [null, "Is the server running on host 10.0.4.9 and accepting TCP/IP connections on port 5432?"],
  [null, "ERROR service auth running on http://auth:8080 refused the connection"],
  [null, "INFO service started at 2026-11-20T12:30:05Z"],
  [null, "listening on port 70000"],
  [null, 'INFO:     10.0.0.9:51234 - "GET /listening/on:8001 HTTP/1.1" 200 OK'],
];

describe("where a line says that the program listens", () => {
  it.each(rows)("%s: %s", (said, line) => {
    expect(saidBy(line)).toBe(said);
  });

  it("is asked of AWS with a pattern that lets each of them through", () => {
    const passes = toLineTest(startPattern);
    const lost = rows.filter(([said, line]) => said !== null && !passes(line));
    expect(lost).toEqual([]);
    expect(startPattern.length).toBeLessThanOrEqual(1_024);
    expect(passes("INFO:     Started server process [1]")).toBe(false);
  });

  it.each([
    [true, ["127.0.0.1", "127.0.1.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"]],
    [false, ["0.0.0.0", "[::]", "10.0.4.31", "[fd00::1]", null]],
  ])("only the container itself reaches it: %s", (only, addresses) => {
    expect(addresses.map((address) => isLoopback({ address, port: 8001 }))).toEqual(
      addresses.map(() => only),
    );
  });
});
