/** auth.hokus.ai: says whether a key is valid and what it may do. */
import { sendJson } from "../net/http-host.ts";
import type { Exchange } from "../net/http-host.ts";
import type { WorldState } from "../world/state.ts";

export const answerAuth = (state: WorldState, { request, response, url, body }: Exchange): void => {
  if (state.auth.mode === "erring") {
    sendJson(response, 500, { error: "internal_error" });
    return;
  }
  if (url.pathname === "/health") {
    sendJson(response, 200, { status: "ok", service: "hokusai-auth" });
    return;
  }
  if (url.pathname !== "/api/v1/keys/validate") {
    sendJson(response, 404, { error: "not_found" });
    return;
  }
  if (request.method !== "POST") {
    sendJson(response, 405, { error: "method_not_allowed" }, { allow: "POST" });
    return;
  }
  const known = state.auth.keys.find((one) => one.key === presentedKey(body));
  if (known === undefined) {
    sendJson(response, 401, { valid: false, error: "API key not found" });
    return;
  }
  if (known.expiresAt !== null && known.expiresAt <= state.now()) {
    sendJson(response, 401, { valid: false, error: "API key has expired" });
    return;
  }
  sendJson(response, 200, { valid: true, owner: known.owner, scopes: known.scopes });
};

const presentedKey = (body: string): string | null => {
  try {
    const parsed: unknown = JSON.parse(body);
    const key =
      typeof parsed === "object" && parsed !== null && "api_key" in parsed ? parsed.api_key : null;
    return typeof key === "string" ? key : null;
  } catch {
    return null;
  }
};
