/** Somebody on the internet: resolves with the world's resolver, connects through its port map, trusts its CA. */
import { Resolver } from "node:dns/promises";
import { request } from "node:https";
import type { IncomingHttpHeaders } from "node:http";

interface Reachable {
  resolver: string;
  ca: string;
  portMap(): Record<string, string>;
}

export interface Seen {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  json(): unknown;
}

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

export const createVisitor = (world: Reachable) => {
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });
  resolver.setServers([world.resolver]);
  const visit = async (address: string, asked: Asked = {}): Promise<Seen> => {
    const url = new URL(address);
    const [ip] = await resolver.resolve4(url.hostname);
    const mapped = world.portMap()[`${ip}:443`];
    if (mapped === undefined) throw new Error(`nothing listens on ${ip}:443`);
    const [host, port] = mapped.split(":");
    const body =
      asked.body === undefined || typeof asked.body === "string"
        ? asked.body
        : JSON.stringify(asked.body);
    return await new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host,
          port,
          servername: url.hostname,
          ca: world.ca,
          method: asked.method ?? "GET",
          path: url.pathname + url.search,
          agent: false,
          timeout: 6_000,
          headers: { host: url.hostname, ...asked.headers },
        },
        (incoming) => {
          let text = "";
          incoming.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          incoming.on("error", reject).on("end", () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              body: text,
              json: () => JSON.parse(text) as unknown,
            }),
          );
        },
      );
      outgoing.on("timeout", () => outgoing.destroy(new Error("timeout"))).on("error", reject);
      outgoing.end(body);
    });
  };
  return { visit, resolver };
};

export const inputs = {
  company_size: 1000,
  industry: "Technology",
  engagement_score: 75,
  website_visits: 10,
  email_opens: 5,
  content_downloads: 3,
  demo_requested: true,
  budget_confirmed: false,
  decision_timeline: "Q2 2025",
  title: "VP of Engineering",
};
