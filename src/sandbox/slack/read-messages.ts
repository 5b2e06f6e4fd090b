import { toList, toText } from "./json.ts";
import type { Json } from "./json.ts";
import { isTrue } from "./request-args.ts";

/** Reading back: metadata only when it is asked for, the root with its own thread_ts, `limit` and bounds. */
export function toRead(method: string, args: Json, answer: Json): Json {
  if (method !== "conversations.replies" && method !== "conversations.history") return answer;
  const withMetadata = isTrue(args["include_all_metadata"]);
  const oldest = toText(args["oldest"]);
  const latest = toText(args["latest"]);
  const messages = toList(answer["messages"]).map((message) => shown(message, withMetadata));
  if (method === "conversations.replies" && messages.length === 0)
    return { ok: false, error: "thread_not_found" };
  const kept = messages.filter((message) => {
    const ts = toText(message["ts"]);
    return (oldest === "" || ts >= oldest) && (latest === "" || ts <= latest);
  });
  const limit = Number(args["limit"] ?? 1_000) || 1_000;
  return { ...answer, messages: kept.slice(0, limit), has_more: kept.length > limit };
}

function shown(message: Json, withMetadata: boolean): Json {
  const { metadata, ...rest } = message;
  const isRoot = Number(message["reply_count"] ?? 0) > 0;
  return {
    ...rest,
    ...(isRoot ? { thread_ts: message["ts"] } : {}),
    ...(withMetadata && metadata !== undefined ? { metadata } : {}),
  };
}
