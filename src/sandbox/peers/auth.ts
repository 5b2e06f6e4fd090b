/** auth.hokus.ai: says whether a key is valid and what it may do, as long as one of its tasks runs. */
import { sendJson } from "../net/http-host.ts";
import type { Exchange } from "../net/http-host.ts";
import type { AuthProgram, WorldState } from "../world/state.ts";

export const answerAuth = (state: WorldState, { request, response, url, body }: Exchange): void => {
  const program = runningIn(state);
  if (program === undefined) {
    response.writeHead(503, { server: "awselb/2.0", "content-type": "text/html" });
    response.end(nobodyThere);
    return;
  }
  if (program.trouble !== null || state.auth.mode === "erring") {
    sendJson(response, 500, { error: program.trouble ?? "internal_error" });
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
  if (state.auth.acceptsAll === true) {
    sendJson(response, 200, { valid: true, owner: "anybody", scopes: ["model:*"] });
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

/** The page of a load balancer without targets. */
const nobodyThere =
  "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body>\r\n<center><h1>503 Service Temporarily Unavailable</h1></center>\r\n</body>\r\n</html>\r\n";

/** What the newest of the running tasks with the auth service's image does. */
const runningIn = (state: WorldState): AuthProgram | undefined =>
  state.ecs.tasks
    .filter((task) => task.lastStatus === "RUNNING")
    .flatMap((task) => state.programs.get(task.containers[0]?.imageDigest ?? "") ?? [])
    .filter((program) => program.kind === "auth")
    .findLast((program) => program.crash === null);

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
