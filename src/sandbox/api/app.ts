/** The model API: uvicorn starts, reads its environment, registers its routes, and answers. */
import { STATUS_CODES } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { callerPort, openHttpHost } from "../net/http-host.ts";
import type { Exchange } from "../net/http-host.ts";
import type { ApiProgram } from "../world/state.ts";
import { addressOf, uuid } from "../world/state.ts";
import { createMiddleware } from "./middleware.ts";
import { printAs } from "./program.ts";
import type { Running, Surroundings } from "./program.ts";
import { matchRoute, openApiOf, problemsOf, routesOf } from "./routes.ts";
import type { Match, Route } from "./routes.ts";
import { createScorer, EndpointError } from "./scorer.ts";
import type { Scorer } from "./scorer.ts";

/** What src/config.py wants; a list of lists means that one of the lists has to be complete. */
const required: (string | string[][])[] = [
  "HOKUSAI_AUTH_SERVICE_URL",
  "HUGGINGFACE_API_KEY",
  "DATABASE_URL",
  [["REDIS_URL"], ["REDIS_HOST", "REDIS_PORT"]],
];

interface Failure {
  file: string;
  line: number;
  code: string;
  error: string;
}

const missingVariable = (environment: ReadonlyMap<string, string>): Failure | null => {
  const isSet = (name: string): boolean => (environment.get(name) ?? "") !== "";
  for (const [index, one] of required.entries()) {
    if (typeof one === "string" ? isSet(one) : one.some((names) => names.every(isSet))) continue;
    const name = typeof one === "string" ? one : one.map((names) => names.join("/")).join(" or ");
    return {
      file: "/app/src/config.py",
      line: 41 + index,
      code: `${(typeof one === "string" ? one : "REDIS_URL").toLowerCase()}=require("${name}"),`,
      error: `RuntimeError: ${name} is not set`,
    };
  }
  return null;
};

const printTraceback = (print: (line: string) => void, failure: Failure): void => {
  for (const line of [
    "Traceback (most recent call last):",
    '  File "/usr/local/bin/uvicorn", line 8, in <module>',
    "    sys.exit(main())",
    '  File "/app/src/api/main.py", line 27, in <module>',
    "    app = create_app()",
    `  File "${failure.file}", line ${failure.line}, in <module>`,
    `    ${failure.code}`,
    failure.error,
  ]) {
    print(line);
  }
};

interface Reply {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
  /** The connection ends before, or in the middle of, the answer. */
  cut?: "reset" | "truncated";
}

/** FastAPI does not parse a body of another type: its model gets the text as it is. */
const unreadable = '"not parsed"';

const detail = (status: number, text: unknown, headers?: Record<string, string>): Reply => ({
  status,
  body: { detail: text },
  ...(headers !== undefined && { headers }),
});

export const startApi = async (
  program: ApiProgram,
  surroundings: Surroundings,
): Promise<Running> => {
  const { print, environment } = surroundings;
  const closing = new AbortController();
  print("INFO:     Started server process [1]");
  print("INFO:     Waiting for application startup.");
  await sleep(program.startSeconds * 1000);
  const failure = missingVariable(environment) ?? program.crash;
  if (failure !== null) {
    printTraceback(print, failure);
    print("ERROR:    Application startup failed. Exiting.");
    return { exited: Promise.resolve(1), ports: [], stop: async () => undefined };
  }
  const routes = routesOf(program);
  for (const route of routes) {
    if (route.hidden) continue;
    printAs(
      print,
      "INFO",
      "src.api.main",
      `registered route ${route.method} ${route.path} (${route.router})`,
    );
  }
  const scorer = createScorer(program, surroundings, closing.signal);
  const answer = createAnswer(program, surroundings, routes, scorer, closing.signal);
  if (program.stuck === "starting") {
    const stop = async (): Promise<void> => closing.abort();
    return { exited: new Promise(() => undefined), ports: [], stop };
  }
  const mode = program.stuck === "answering" ? "hanging" : "running";
  const listener = await openHttpHost({ mode, delayMs: 0 }, answer);
  print("INFO:     Application startup complete.");
  print(
    `INFO:     Uvicorn running on http://${program.bind}:${program.port} (Press CTRL+C to quit)`,
  );
  return {
    exited: new Promise(() => undefined),
    ...(program.bind === "127.0.0.1"
      ? { ports: [], loopback: [{ port: program.port, listener }] }
      : { ports: [{ port: program.port, listener }] }),
    stop: async () => {
      print("INFO:     Shutting down");
      print("INFO:     Waiting for application shutdown.");
      print("INFO:     Application shutdown complete.");
      print("INFO:     Finished server process [1]");
      closing.abort();
      await listener.close();
    },
  };
};

/** What the program's defect makes of a request; null where it does not hit. */
const spoil = async (
  { defect }: ApiProgram,
  { print }: Surroundings,
  closing: AbortSignal,
): Promise<Reply | null> => {
  if (defect === undefined || Math.random() >= defect.share) return null;
  if (defect.log !== null) print(defect.log);
  const { answer } = defect;
  if (answer === "never") {
    await sleep(3_600_000, undefined, { signal: closing });
    return null;
  }
  if (answer === "reset" || answer === "truncated")
    return { status: 200, body: { predictions: [] }, cut: answer };
  const { status, body, contentType, headers } = answer;
  return { status, body, headers: { ...headers, "content-type": contentType } };
};

const createAnswer = (
  program: ApiProgram,
  surroundings: Surroundings,
  routes: Route[],
  scorer: Scorer,
  closing: AbortSignal,
) => {
  const { print, environment, wires, state } = surroundings;
  const authorise = createMiddleware(program, surroundings);
  const trusted = environment.get("FORWARDED_ALLOW_IPS") === "*";
  /** A blocking call in an async handler stops every other request of the process. */
  let eventLoop: Promise<unknown> = Promise.resolve();
  const counts = new Map<string, { minute: number; count: number }>();

  const isStuck = (): boolean =>
    state.ecs.tasks.some((task) => task.stuck === true && addressOf(task) === surroundings.address);

  const overLimit = (key: string): boolean => {
    if (program.rateLimit === null) return false;
    const minute = Math.floor(state.now() / 60_000);
    const seen = counts.get(key);
    const count = seen?.minute === minute ? seen.count + 1 : 1;
    counts.set(key, { minute, count });
    return count > program.rateLimit;
  };

  const decide = async (exchange: Exchange, requestId: string): Promise<Reply> => {
    const { request, url, body } = exchange;
    const found = matchRoute(routes, request.method ?? "GET", url.pathname);
    // As a dependency of each endpoint, the check of keys comes after routing.
    if (program.auth === "endpoints" && found.kind !== "full") return unserved(found, exchange);
    const asked = authorise(url.pathname, request.headers, requestId);
    if (program.blockingAuth) eventLoop = asked;
    const caller = await asked;
    if (caller.kind === "refused") return detail(caller.status, caller.detail);
    if (caller.kind === "allowed" && overLimit(caller.key)) {
      return detail(429, "Rate limit exceeded", { "retry-after": "60" });
    }
    if (found.kind !== "full") return unserved(found, exchange);
    const { route, argument } = found;
    const scopes = caller.kind === "allowed" ? caller.scopes : [];
    const type = request.headers["content-type"] ?? "application/json";
    const readable = body === "" || /\/(?:[\w.-]+\+)?json\b/i.test(type) ? body : unreadable;
    return await serve(route, argument, scopes, readable, requestId);
  };

  const unserved = (match: Exclude<Match, { kind: "full" }>, { request, url }: Exchange): Reply => {
    if (match.kind === "none") return detail(404, "Not Found");
    if (match.kind === "method") return detail(405, "Method Not Allowed", { allow: match.allow });
    const scheme = trusted ? [request.headers["x-forwarded-proto"] ?? "http"].flat()[0] : "http";
    return {
      status: 307,
      body: null,
      headers: { location: `${scheme}://${url.host}${match.path}${url.search}` },
    };
  };

  const serve = async (
    route: Route,
    argument: string,
    scopes: string[],
    body: string,
    requestId: string,
  ): Promise<Reply> => {
    switch (route.name) {
      case "root":
        return { status: 200, body: { name: "Hokusai API", docs: "/docs" } };
      case "health":
        await sleep(program.healthDelayMs ?? 0);
        return { status: 200, body: { status: "healthy", version: program.commit } };
      case "openapi":
        return { status: 200, body: openApiOf(program) };
      case "docs":
        return { status: 200, body: "<!doctype html>\n<title>Hokusai API - Swagger UI</title>\n" };
      case "predict":
      case "usage":
      case "info":
      case "model-health":
        return await serveModel(route, argument, scopes, body, requestId);
    }
  };

  const serveModel = async (
    route: Route,
    argument: string,
    scopes: string[],
    body: string,
    requestId: string,
  ): Promise<Reply> => {
    const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(argument);
    const problems =
      route.name === "predict" ? problemsOf(body, program) : { problems: [], inputs: {} };
    if (route.parameter?.type === "uuid" && !isUuid) {
      problems.problems.unshift({
        type: "uuid_parsing",
        loc: ["path", route.parameter.name],
        msg: "Input should be a valid UUID, invalid length: expected length 32 for simple format",
        input: argument,
      });
    }
    if (problems.problems.length > 0) return detail(422, problems.problems);
    if (isStuck()) await sleep(3_600_000, undefined, { signal: closing });
    if (route.parameter?.type === "uuid" || isUuid) {
      return {
        status: 200,
        body: { deployed_model_id: argument, predictions: [], handler: route.router },
      };
    }
    if (!scopes.includes("model:*") && !scopes.includes(`model:${argument}`)) {
      return detail(403, `API key is not allowed to use model ${argument}`);
    }
    if (route.name === "usage") {
      return { status: 200, body: { model_id: argument, usage: `POST ${route.path}` } };
    }
    if (program.endpointAuth) {
      printAs(
        print,
        "WARNING",
        `src.api.endpoints.${route.router}`,
        "endpoint refused a key that the middleware accepted",
      );
      return detail(401, "Invalid authentication credentials");
    }
    if (route.name === "info" || route.name === "model-health") {
      await sleep((program.describeSeconds ?? 0) * 1000);
      if ((await scorer.status(argument)) === "missing")
        return detail(404, `Model ${argument} not found`);
    }
    if (route.name === "info") {
      return {
        status: 200,
        body: {
          model_id: argument,
          name: argument === "21" ? "Sales Lead Scoring v2" : `Model ${argument}`,
          status: await scorer.status(argument),
          version: "2",
        },
      };
    }
    if (route.name === "model-health") {
      const status = await scorer.status(argument);
      return {
        status: status === "deployed" ? 200 : 503,
        body: {
          model_id: argument,
          status: status === "deployed" ? "healthy" : status,
          loaded: scorer.isLoaded(argument),
        },
      };
    }
    await sleep((program.workSeconds ?? 0) * 1000);
    const spoilt = await spoil(program, surroundings, closing);
    if (spoilt !== null) return spoilt;
    return { status: 200, body: await scorer.predict(argument, problems.inputs, requestId) };
  };

  return async (exchange: Exchange): Promise<void> => {
    const { request, response, url } = exchange;
    await eventLoop.catch(() => undefined);
    const given = request.headers["x-request-id"];
    const requestId = typeof given === "string" ? given : uuid();
    let reply: Reply;
    try {
      reply = await decide(exchange, requestId);
    } catch (error) {
      if (error instanceof EndpointError) reply = detail(error.status, error.message);
      else if (error instanceof Error && error.name === "AbortError") throw error;
      else {
        printTraceback(print, {
          file: "/app/src/api/endpoints/model_serving.py",
          line: 118,
          code: "return await handler(request)",
          error: `RuntimeError: ${error instanceof Error ? error.message : "unknown"}`,
        });
        reply = { status: 500, body: "Internal Server Error" };
      }
    }
    const forwarded = [request.headers["x-forwarded-for"] ?? []]
      .flat()
      .join(",")
      .split(",")[0]
      ?.trim();
    const source =
      trusted && forwarded
        ? `${forwarded}:0`
        : `${wires.sourceOf(callerPort(request))}:${callerPort(request) ?? 0}`;
    // The access log leaves out health checks, or they would be most of it.
    if (url.pathname !== "/health") {
      print(
        `INFO:     ${source} - "${request.method ?? "GET"} ${url.pathname}${url.search} HTTP/1.1" ${reply.status} ${STATUS_CODES[reply.status] ?? ""}`,
      );
    }
    if (reply.cut === "reset") {
      request.socket.destroy();
      return;
    }
    const isText = typeof reply.body === "string";
    const html = isText && (reply.body as string).startsWith("<!doctype");
    const text =
      reply.body === null ? "" : isText ? (reply.body as string) : JSON.stringify(reply.body);
    response.writeHead(reply.status, {
      server: "uvicorn",
      ...(reply.body !== null && {
        "content-type": html
          ? "text/html; charset=utf-8"
          : isText
            ? "text/plain; charset=utf-8"
            : "application/json",
      }),
      "content-length": Buffer.byteLength(text) + (reply.cut === "truncated" ? 64 : 0),
      "x-request-id": requestId,
      ...reply.headers,
    });
    if (reply.cut === "truncated") response.write(text, () => request.socket.destroy());
    else response.end(text);
  };
};
