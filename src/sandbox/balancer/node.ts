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
import { countOwn, countTarget } from "./metrics.ts";
import { chooseGroup, decidingAction, ruleFor } from "./rules.ts";

const titles: Record<number, string> = {
  403: "403 Forbidden",
  502: "502 Bad Gateway",
  503: "503 Service Temporarily Unavailable",
  504: "504 Gateway Time-out",
};

const page = (status: number): string => {
  const title = titles[status] ?? `${status}`;
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
};

interface Context {
  state: WorldState;
  wires: Wires;
  balancer: LoadBalancer;
  listener: Listener;
  /** Where the node connects from. */
  privateAddress: string;
}

const refuse = ({ state, balancer }: Context, response: ServerResponse, status: number): void => {
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
  const blocked = state.firewall.blocks.some(
    (one) => one.host === url.hostname && one.methods.includes(request.method ?? ""),
  );
  if (blocked) {
    response.writeHead(403, { server: "awselb/2.0", "content-type": "text/html" });
    response.end(page(403));
    return;
  }
  const action = decidingAction(
    ruleFor(state, listener.arn, {
      method: request.method ?? "GET",
      host: url.hostname,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      source,
    }),
  );
  if (action?.type === "fixed-response") {
    countOwn(state, balancer.arn, "HTTP_Fixed_Response_Count");
    if (action.statusCode.startsWith("4")) countOwn(state, balancer.arn, "HTTPCode_ELB_4XX_Count");
    const status = Number(action.statusCode);
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
    response.writeHead(action.statusCode === "HTTP_301" ? 301 : 302, {
      server: "awselb/2.0",
      location: query === "" ? location : `${location}?${query}`,
      "content-type": "text/html",
    });
    response.end();
    return;
  }
  const groupArn = action === undefined ? undefined : chooseGroup(action);
  const target = groupArn === undefined ? undefined : chooseTarget(state, groupArn);
  if (groupArn === undefined || target === undefined) {
    refuse(context, response, 503);
    return;
  }
  await forward(context, exchange, groupArn, target, source);
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
  groupArn: string,
  target: { id: string; port: number },
  source: string,
): Promise<void> => {
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
    refuse(context, response, error instanceof DialError && error.code === "ETIMEDOUT" ? 504 : 502);
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
      path: request.url ?? "/",
      headers: {
        ...headers,
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
      refuse(context, response, 504);
      connection.destroy();
    }, state.settings.albIdleTimeoutMs);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    outgoing.on("error", () => {
      if (!response.headersSent && !response.writableEnded) refuse(context, response, 502);
      done();
    });
    outgoing.on("response", (incoming) => {
      const status = incoming.statusCode ?? 502;
      count(`HTTPCode_Target_${Math.floor(status / 100)}XX_Count`);
      count("TargetResponseTime", (performance.now() - started) / 1000, "Seconds");
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
        privateAddress: zone.privateAddress,
      };
      const secure = () => authority.contextFor(listener.certificateArn ?? "");
      // A listener that was deleted has no open port.
      const port = {
        delayMs: 0,
        get mode() {
          const there = state.elb.listeners.some((one) => one.arn === listener.arn);
          return there ? ("running" as const) : ("stopped" as const);
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
