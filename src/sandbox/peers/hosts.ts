/** The hosts outside the load balancers, each on a loopback port that its address leads to. */
import type { Authority } from "../net/authority.ts";
import { openHttpHost } from "../net/http-host.ts";
import type { Exchange } from "../net/http-host.ts";
import type { Listener, Wires } from "../net/wires.ts";
import { hostAddresses } from "../world/initial/outside.ts";
import { dataAddresses } from "../world/initial/network.ts";
import type { Process, WorldState } from "../world/state.ts";
import { answerAuth } from "./auth.ts";
import { startDatabase } from "./database.ts";
import { answerHub } from "./hub.ts";
import { startRedis } from "./redis.ts";
import { answerWebsite } from "./website.ts";

export interface Peers {
  listeners: Listener[];
  redis: Listener;
  database: Listener;
}

export const openPeers = async (
  state: WorldState,
  wires: Wires,
  authority: Authority,
): Promise<Peers> => {
  const host = async (
    name: keyof typeof hostAddresses,
    process: Process,
    answer: (state: WorldState, exchange: Exchange) => void,
  ): Promise<Listener> => {
    const secure = () => authority.contextFor(`external:${name}`);
    const listener = await openHttpHost(process, (exchange) => answer(state, exchange), secure);
    wires.add(hostAddresses[name], 443, listener);
    return listener;
  };
  const [auth, hub, website, redis, database] = await Promise.all([
    host("auth.hokus.ai", state.auth, answerAuth),
    host("huggingface.co", state.hub, answerHub),
    host("hokus.ai", state.website, answerWebsite),
    startRedis(state, authority),
    startDatabase(state, authority),
  ]);
  wires.add(dataAddresses.redis, 6379, redis);
  wires.add(dataAddresses.database, 5432, database);
  return { listeners: [auth, hub, website, redis, database], redis, database };
};
