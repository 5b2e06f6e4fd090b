/** One node of a load balancer in one zone: takes requests, follows the rules, talks to targets. */
import { request as httpRequest } from "node:http";
import type { ServerResponse } from "node:http";
import type { Authority } from "../net/authority.ts";
import { callerPort, openHttpHost } from "../net/http-host.ts";
import type { Exchange } from "../net/http-host.ts";
import { DialError } from "../net/wires.ts";
import type { Listener as Port, Wires } from "../net/wires.ts";
import type { Listener, LoadBalancer, WorldState } from "../world/state.ts";
import { hexId } from "../world/state.ts";
import { openEntry } from "./access-log.ts";
import type { OpenEntry } from "./access-log.ts";
import { countOwn, countTarget } from "./metrics.ts";
import { toLogInPage } from "./log-in.ts";
import { chooseGroup, decidingAction, isLogIn, rewrittenBy, ruleFor } from "./rules.ts";

const titles: Record<number, string> = {
  302: "302 Found",
  401: "401 Authorization Required",
  403: "403 Forbidden",
  500: "500 Internal Server Error",
  502: "502 Bad Gateway",
  503: "503 Service Temporarily Unavailable",
  504: "504 Gateway Time-out",
};

const page = (status: number): string => {
  const title = titles[status] ?? `${status}`;
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
};

/** AWS WAF's Challenge action (202, told by its header), and a bot protection that answers 200 with a riddle. */
const interstitials = {
  challenge: {
    status: 202,
    headers: { server: "awselb/2.0", "x-amzn-waf-action": "challenge" },
    body: '<!DOCTYPE html>\n<html lang="en"><head><title></title></head><body><div id="challenge-container"></div></body></html>\n',
  },
  captcha: {
    status: 200,
    headers: { server: "shield" },
    body: '<!DOCTYPE html>\n<html lang="en"><head><title>Just a moment</title></head><body><h1>Verify that you are human</h1></body></html>\n',
  },
} as const;

interface Context {
  state: WorldState;
  wires: Wires;
  balancer: LoadBalancer;
  listener: Listener;
  /** What its name answers. */
  address: string;
  /** Where the node connects from. */
  privateAddress: string;
}

const refuse = (
  { state, balancer }: Context,
  response: ServerResponse,
  status: number,
  entry: OpenEntry,
): void => {
  entry.write(status);
  countOwn(state, balancer.arn, "HTTPCode_ELB_5XX_Count");
  countOwn(state, balancer.arn, `HTTPCode_ELB_${status}_Count`);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { server: "awselb/2.0", "content-type": "text/html" });
  response.end(page(status));
};

const respond = async (context: Context, exchange: Exchange): Promise<void> => {
  const { state, wires, balancer, listener } = context;
  const { request, response, url } = exchange;
  const source = wires.sourceOf(callerPort(request));
  const block = state.firewall.blocks.find(
    (one) => one.host === url.hostname && one.methods.includes(request.method ?? ""),
  );
  const entry = openEntry(state, { balancer, listener, node: context.address, source }, exchange);
  if (block !== undefined) {
    entry.seen.actions = "waf";
    if (block.page !== undefined) {
      // A bot protection that is not AWS's stands before the load balancer, which knows nothing of it.
      if (block.page === "challenge") entry.write(interstitials.challenge.status);
      const { status, headers, body } = interstitials[block.page];
      response.writeHead(status, { "content-type": "text/html; charset=utf-8", ...headers });
      response.end(body);
      return;
    }
    const status = block.status ?? 403;
    entry.write(status);
    response.writeHead(status, { server: "awselb/2.0", "content-type": "text/html" });
    response.end(page(status));
    return;
  }
  const rule = ruleFor(state, listener.arn, {
    method: request.method ?? "GET",
    host: url.hostname,
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    source,
  });
  entry.matched(rule);
  // Nobody can log in here, so no caller has a session: a cookie that says so is forged.
  const logIn = rule?.actions.find(isLogIn);
  if (logIn?.onUnauthenticatedRequest === "deny") {
    countOwn(state, balancer.arn, "HTTPCode_ELB_4XX_Count");
    entry.seen.actions = "authenticate";
    entry.write(401);
    response.writeHead(401, { server: "awselb/2.0", "content-type": "text/html" });
    response.end(page(401));
    return;
  }
  if (logIn?.onUnauthenticatedRequest === "authenticate") {
    countOwn(state, balancer.arn, "HTTPCode_ELB_3XX_Count");
    entry.seen.actions = "authenticate";
    entry.write(302);
    response.writeHead(302, {
      server: "awselb/2.0",
      location: toLogInPage(state, logIn, url),
      "set-cookie": `AWSALBAuthNonce=${hexId(16)}; Path=/; HttpOnly; Secure; SameSite=Lax`,
      "content-type": "text/html",
    });
    response.end(page(302));
    return;
  }
  const action = decidingAction(rule);
  if (action?.type === "fixed-response") {
    countOwn(state, balancer.arn, "HTTP_Fixed_Response_Count");
    if (action.statusCode.startsWith("4")) countOwn(state, balancer.arn, "HTTPCode_ELB_4XX_Count");
    const status = Number(action.statusCode);
    entry.seen.actions = "fixed-response";
    entry.write(status);
    response.writeHead(status, {
      server: "awselb/2.0",
      "content-type": `${action.contentType}; charset=utf-8`,
    });
    response.end(action.messageBody);
    return;
  }
  if (action?.type === "redirect") {
    countOwn(state, balancer.arn, "HTTP_Redirect_Count");
    const fill = (text: string): string =>
      text
        .replace("#{host}", url.hostname)
        .replace("#{path}", url.pathname.slice(1))
        .replace("#{query}", url.search.slice(1))
        .replace("#{port}", `${listener.port}`)
        .replace("#{protocol}", listener.protocol);
    const query = fill(action.query);
    const location = `${fill(action.protocol).toLowerCase()}://${fill(action.host)}:${fill(action.port)}${fill(action.path)}`;
    const status = action.statusCode === "HTTP_301" ? 301 : 302;
    Object.assign(entry.seen, { actions: "redirect", redirect: location });
    entry.write(status);
    response.writeHead(status, {
      server: "awselb/2.0",
      location: query === "" ? location : `${location}?${query}`,
      "content-type": "text/html",
    });
    response.end();
    return;
  }
  const groupArn = action === undefined ? undefined : chooseGroup(action);
  const target = groupArn === undefined ? undefined : chooseTarget(state, groupArn);
  entry.seen.actions = "forward";
  entry.seen.targetGroupArn = groupArn ?? null;
  if (groupArn === undefined || target === undefined) {
    refuse(context, response, 503, entry);
    return;
  }
  const sent = { host: request.headers.host ?? "", url: request.url ?? "/" };
  const rewritten = rewrittenBy(rule, sent);
  if (rewritten === null) {
    refuse(context, response, 500, entry);
    return;
  }
  entry.seen.target = `${target.id}:${target.port}`;
  await forward(context, exchange, { groupArn, target, source, ...rewritten }, entry);
};

const turns = new Map<string, number>();
/** Healthy targets in turn; all of them when none is healthy ("fail open"). */
const chooseTarget = (
  state: WorldState,
  groupArn: string,
): { id: string; port: number } | undefined => {
  const all = state.elb.targets.filter(
    (one) => one.targetGroupArn === groupArn && one.state !== "draining",
  );
  const healthy = all.filter((one) => one.state === "healthy");
  const list = healthy.length > 0 ? healthy : all;
  const turn = (turns.get(groupArn) ?? 0) + 1;
  turns.set(groupArn, turn);
  return list[turn % Math.max(1, list.length)];
};

const forward = async (
  context: Context,
  { request, response, body }: Exchange,
  to: {
    groupArn: string;
    target: { id: string; port: number };
    source: string;
    host: string;
    url: string;
  },
  entry: OpenEntry,
): Promise<void> => {
  const { groupArn, target, source } = to;
  const { state, wires, balancer, listener, privateAddress } = context;
  const count = (name: string, value?: number, unit?: string): void =>
    countTarget(state, balancer.arn, groupArn, name, value, unit);
  // As at AWS: counted once a target is chosen, whatever comes of it.
  count("RequestCount");
  let socket;
  try {
    socket = await wires.dial(
      privateAddress,
      target.id,
      target.port,
      state.settings.albConnectTimeoutMs,
    );
  } catch (error) {
    count("TargetConnectionErrorCount");
    const late = error instanceof DialError && error.code === "ETIMEDOUT";
    refuse(context, response, late ? 504 : 502, entry);
    return;
  }
  const started = performance.now();
  const connection = socket;
  await new Promise<void>((resolve) => {
    const {
      connection: _hop,
      "content-length": _length,
      "transfer-encoding": _coding,
      ...headers
    } = request.headers;
    const outgoing = httpRequest({
      method: request.method ?? "GET",
      path: to.url,
      headers: {
        ...headers,
        host: to.host,
        "content-length": `${Buffer.byteLength(body)}`,
        "x-forwarded-for": [request.headers["x-forwarded-for"], source]
          .flat()
          .filter(Boolean)
          .join(", "),
        "x-forwarded-proto": listener.protocol.toLowerCase(),
        "x-forwarded-port": `${listener.port}`,
        "x-amzn-trace-id": `Root=1-${Math.floor(state.now() / 1000).toString(16)}-${hexId(24)}`,
        connection: "close",
      },
      createConnection: () => connection,
    });
    const timer = setTimeout(() => {
      refuse(context, response, 504, entry);
      connection.destroy();
    }, state.settings.albIdleTimeoutMs);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    outgoing.on("error", () => {
      if (!response.headersSent && !response.writableEnded) refuse(context, response, 502, entry);
      done();
    });
    outgoing.on("response", (incoming) => {
      const status = incoming.statusCode ?? 502;
      count(`HTTPCode_Target_${Math.floor(status / 100)}XX_Count`);
      entry.seen.targetSeconds = (performance.now() - started) / 1000;
      count("TargetResponseTime", entry.seen.targetSeconds, "Seconds");
      entry.write(status, status);
      const { connection: _hop2, "keep-alive": _keep, ...answered } = incoming.headers;
      if (!response.headersSent) response.writeHead(status, answered);
      incoming.on("error", () => response.destroy());
      incoming.on("close", () => {
        connection.destroy();
        done();
      });
      incoming.pipe(response);
    });
    response.on("close", () => {
      // Nothing was answered until now: the caller gave up.
      entry.write(460);
      connection.destroy();
      done();
    });
    outgoing.end(body);
  });
};

/** Every node of every load balancer, on its listeners' ports. */
export const openBalancers = async (
  state: WorldState,
  wires: Wires,
  authority: Authority,
): Promise<Port[]> => {
  const opened: Promise<Port>[] = [];
  for (const listener of state.elb.listeners) {
    const balancer = state.elb.loadBalancers.find((one) => one.arn === listener.loadBalancerArn);
    for (const zone of balancer?.availabilityZones ?? []) {
      if (balancer === undefined) continue;
      const context: Context = {
        state,
        wires,
        balancer,
        listener,
        address: zone.address,
        privateAddress: zone.privateAddress,
      };
      const secure = () => authority.contextFor(listener.certificateArn ?? "");
      // A listener that was deleted has no open port.
      const port = {
        delayMs: 0,
        get mode() {
          const there = state.elb.listeners.some((one) => one.arn === listener.arn);
          return there && zone.down !== true ? ("running" as const) : ("stopped" as const);
        },
      };
      const host = openHttpHost(
        port,
        (exchange) => respond(context, exchange),
        listener.protocol === "HTTPS" ? secure : undefined,
      );
      opened.push(
        host.then((open) => {
          wires.add(zone.address, listener.port, open);
          return open;
        }),
      );
    }
  }
  return await Promise.all(opened);
};
