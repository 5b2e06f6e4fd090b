/** huggingface.co: who a token is, whether a repository is there for it, and its files. */
import { sendJson } from "../net/http-host.ts";
import type { Exchange } from "../net/http-host.ts";
import type { WorldState } from "../world/state.ts";

export const answerHub = (state: WorldState, { request, response, url }: Exchange): void => {
  if (state.hub.mode === "erring") {
    sendJson(response, 503, { error: "Service Unavailable" });
    return;
  }
  const bearer = request.headers.authorization?.replace(/^Bearer /i, "");
  const token = state.hub.tokens.find((one) => one.token === bearer);
  if (url.pathname === "/api/whoami-v2") {
    if (token === undefined)
      sendJson(response, 401, { error: "Invalid credentials in Authorization header" });
    else
      sendJson(response, 200, { type: "user", name: token.user, auth: { type: "access_token" } });
    return;
  }
  const parts = url.pathname.split("/").filter(Boolean);
  const asked = parts[0] === "api" && parts[1] === "models" ? parts.slice(2, 4) : parts.slice(0, 2);
  const name = asked.join("/");
  const repository = state.hub.repositories.find((one) => one.name === name);
  const visible = repository?.private === false || token?.repositories.includes(name) === true;
  if (repository === undefined || !visible) {
    // The hub does not tell strangers whether a private repository exists.
    if (bearer === undefined || token === undefined) {
      sendJson(
        response,
        401,
        { error: "Invalid username or password." },
        { "x-error-code": "RepoNotFound" },
      );
    } else
      sendJson(
        response,
        404,
        { error: "Repository not found" },
        { "x-error-code": "RepoNotFound" },
      );
    return;
  }
  if (parts[0] === "api") {
    sendJson(response, 200, {
      id: repository.name,
      private: repository.private,
      sha: repository.sha,
      siblings: repository.files.map((rfilename) => ({ rfilename })),
    });
    return;
  }
  const file = parts.slice(4).join("/");
  if (parts[2] !== "resolve" || !repository.files.includes(file)) {
    sendJson(response, 404, { error: "Entry not found" }, { "x-error-code": "EntryNotFound" });
    return;
  }
  response.writeHead(200, {
    "content-type": "application/octet-stream",
    "x-repo-commit": repository.sha,
  });
  response.end(`weights of ${repository.name} at ${repository.sha}\n`);
};
