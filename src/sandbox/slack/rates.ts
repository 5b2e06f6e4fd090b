/** Calls a minute that Slack's tiers allow; chat.postMessage has a rule of its own. */
const TIERS = { 1: 1, 2: 20, 3: 50, 4: 100 } as const;

const tierOf: Readonly<Record<string, keyof typeof TIERS>> = {
  "apps.connections.open": 1,
  "usergroups.list": 2,
  "usergroups.users.list": 2,
  "users.list": 2,
  "conversations.list": 2,
  "chat.update": 3,
  "chat.delete": 3,
  "conversations.info": 3,
  "conversations.history": 3,
  "conversations.replies": 3,
  "conversations.join": 3,
  "reactions.add": 3,
  "users.lookupByEmail": 3,
  "chat.postEphemeral": 4,
  "files.getUploadURLExternal": 4,
  "files.completeUploadExternal": 4,
  "users.info": 4,
  "views.open": 4,
  "views.publish": 4,
  "views.push": 4,
  "views.update": 4,
};

/** One message a second and channel; short bursts go through. */
const POST = { burst: 3, perMinute: 60 } as const;

export interface Rates {
  /** Seconds to wait, whole, when this call is one too many; null when it may pass. */
  over(method: string, channel: string): number | null;
}

/** Token buckets: a full minute's calls may come at once, then they come back one by one. */
export function createRates(now: () => number): Rates {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    over(method, channel) {
      const post = method === "chat.postMessage";
      const tier = tierOf[method];
      if (!post && tier === undefined) return null;
      const perMinute = post ? POST.perMinute : TIERS[tier ?? 4];
      const size = post ? POST.burst : perMinute;
      const key = post ? `${method} ${channel}` : method;
      const bucket = buckets.get(key) ?? { tokens: size, at: now() };
      const refilled = Math.min(size, bucket.tokens + ((now() - bucket.at) / 60_000) * perMinute);
      const passes = refilled >= 1;
      buckets.set(key, { tokens: passes ? refilled - 1 : refilled, at: now() });
      return passes ? null : Math.ceil(((1 - refilled) / perMinute) * 60);
    },
  };
}
