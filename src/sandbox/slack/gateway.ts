import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "../loopback.ts";
import type { CallLog } from "./calls.ts";
import type { EmulatedSlack } from "./emulated.ts";
import { toText } from "./json.ts";
import { carryOut, failed, needsToken } from "./methods.ts";
import type { Caller, MethodContext } from "./methods.ts";
import type { Rates } from "./rates.ts";
import { readArgs, readToken } from "./request-args.ts";
import type { ResponseUrls } from "./response-url.ts";

export interface GatewayContext {
  readonly log: CallLog;
  /** Null: every rate is fine. */
  readonly rates: Rates | null;
  readonly emulated: EmulatedSlack;
  readonly methods: MethodContext;
  readonly responseUrls: ResponseUrls;
  readonly appToken: string;
}

/** What listens in front of emulate: Web API methods, response_urls, and the rest sent on as it is. */
export function createGateway(context: GatewayContext) {
  const { log, rates, emulated, methods, responseUrls, appToken } = context;
  const { bot, ...others } = methods.workspace.people;

  const callerOf = (token: string | null): Caller | null => {
    if (token === null) return null;
    if (token === appToken) return { kind: "app", userId: bot.id, token };
    if (token === bot.token) return { kind: "bot", userId: bot.id, token };
    const person = Object.values(others).find((each) => each.token === token);
    return person === undefined ? null : { kind: "person", userId: person.id, token };
  };

  const serveMethod = async (
    method: string,
    request: IncomingMessage,
    response: ServerResponse,
    body: string,
  ): Promise<void> => {
    const { token, ...args } = readArgs(request.headers["content-type"] ?? "", body);
    const given = readToken(request.headers.authorization, { token });
    const arrived = log.arrive(method, args, response);
    if (await arrived.failsAsPlanned()) return;
    const caller = callerOf(given);
    if (caller === null && needsToken(method)) {
      arrived.json(failed(given === null ? "not_authed" : "invalid_auth"));
      return;
    }
    const over = rates?.over(method, toText(args["channel"])) ?? null;
    if (over !== null) {
      arrived.tooMany(over);
      return;
    }
    const anonymous: Caller = { kind: "bot", userId: bot.id, token: bot.token };
    const content = await carryOut(method, args, caller ?? anonymous, methods);
    if (!arrived.losesAnswer(content["error"])) arrived.json(content);
  };

  const serveResponseUrl = async (
    path: string,
    response: ServerResponse,
    body: string,
  ): Promise<void> => {
    const arrived = log.arrive("response_url", readArgs("application/json", body), response);
    if (await arrived.failsAsPlanned()) return;
    const taken = await responseUrls.take(path, body);
    const error = taken.status === 200 ? null : taken.body;
    if (!arrived.losesAnswer(error)) arrived.text(taken.status, taken.body);
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    const path = request.url ?? "/";
    const { pathname } = new URL(path, methods.socketBase);
    if (pathname.startsWith("/api/")) {
      await serveMethod(pathname.slice("/api/".length), request, response, body.toString("utf8"));
    } else if (pathname.startsWith("/response/")) {
      await serveResponseUrl(pathname, response, body.toString("utf8"));
    } else {
      const headers = {
        "content-type": request.headers["content-type"] ?? "application/octet-stream",
        "content-length": String(body.length),
      };
      const answer = await emulated.forward(path, request.method ?? "GET", headers, body);
      response.writeHead(answer.status, { "content-type": answer.contentType }).end(answer.body);
    }
  };
}
