/** What the API promises of keys, bodies and answers, and what becomes of the promise. */
import { keys } from "../../world/initial/outside.ts";
import type { ApiProgram, WorldState } from "../../world/state.ts";
import { deployRevision, registerRevision } from "../../world/deploy.ts";
import { hubRepository } from "../../world/initial/outside.ts";
import { serviceNamed } from "../../world/state.ts";
import { releaseApi, returnToGoodRevision } from "../deployment.ts";
import { apiService, predictUrl } from "../fault.ts";
import type { Fault, Report } from "../fault.ts";
import { undoable } from "../undo.ts";

const report = (symptom: Report["symptom"]): Report => ({
  symptom,
  url: predictUrl,
  method: "POST",
  minutesAgo: 20,
});

const release = (
  id: string,
  title: string,
  symptom: Report["symptom"],
  change: Partial<ApiProgram>,
): Fault => ({
  id,
  title,
  system: "API",
  apply: (world) => releaseApi(world, `r-${id}`, change),
  heal: returnToGoodRevision,
  report: report(symptom),
});

const edit = (
  id: string,
  title: string,
  system: string,
  symptom: Report["symptom"],
  change: (world: WorldState) => () => void,
): Fault => ({ id, title, system, ...undoable(change), report: report(symptom) });

/** Gives keys other scopes, or another end. */
const setKeys = (
  world: WorldState,
  which: readonly string[],
  change: { scopes?: string[]; expiresAt?: number },
): (() => void) => {
  const before = world.auth.keys;
  world.auth.keys = before.map((one) => (which.includes(one.key) ? { ...one, ...change } : one));
  return () => void (world.auth.keys = before);
};

const getOnly: ApiProgram["routers"] = [
  {
    name: "model_serving",
    parameter: "str",
    methods: { predict: ["GET"], info: true, health: true },
  },
];

export const contractFaults: readonly Fault[] = [
  release(
    "refusals-terse",
    "A release tells callers without a valid key nothing but 'Unauthorized'",
    "401",
    { refusals: { status: 401, detail: "Unauthorized" } },
  ),
  release("refusals-403", "A release answers 403 to callers without a valid key", "403", {
    refusals: { status: 403, detail: "Not authenticated" },
  }),
  release("auth-off", "A release switched the check of keys off", "other", { auth: "off" }),
  release(
    "auth-late-post-lost",
    "A release checks keys in each endpoint, and lost POST on the predict path",
    "405",
    { auth: "endpoints", routers: getOnly },
  ),
  release(
    "auth-late-path-lost",
    "A release checks keys in each endpoint, and lost both routers of the prediction path",
    "404",
    { auth: "endpoints", routers: [] },
  ),
  release("predictions-slow", "A release takes three seconds for each prediction", "timeout", {
    workSeconds: 3,
  }),
  release("field-renamed", "A release takes an input under another name", "other", {
    renamedInput: { from: "company_size", to: "employees" },
  }),
  release("answer-renamed", "A release gives its answer under another name", "other", {
    defect: {
      share: 1,
      log: null,
      answer: {
        status: 200,
        body: JSON.stringify({ model_id: "21", results: [{ lead_score: 71 }] }),
        contentType: "application/json",
      },
    },
  }),
  edit(
    "auth-accepts-all",
    "The auth service accepts every key",
    "auth service",
    "other",
    (world) => {
      world.auth.acceptsAll = true;
      return () => void (world.auth.acceptsAll = false);
    },
  ),
  {
    id: "auth-hangs-unbounded",
    title: "The auth service hangs, and a release waits for it without a limit",
    system: "auth service",
    apply: (world) => {
      world.auth.mode = "hanging";
      releaseApi(world, "r-auth-hangs-unbounded", { authTimeoutSeconds: null });
    },
    heal: (world) => {
      world.auth.mode = "running";
      returnToGoodRevision(world);
    },
    report: report("timeout"),
  },
  edit("scope-lost", "The keys for model 21 lost their scope", "auth service", "403", (world) =>
    setKeys(world, [keys.probe, keys.customer], { scopes: [] }),
  ),
  {
    id: "key-too-wide",
    title: "Our own test key may call every model, and model 20 is served as well",
    system: "auth service",
    apply: (world) => {
      setKeys(world, [keys.probe], { scopes: ["model:*"] });
      const service = serviceNamed(world, apiService);
      const revision = registerRevision(world, service, (container) => {
        container.environment.push({ name: "MODEL_20_REPOSITORY", value: hubRepository });
      });
      deployRevision(world, service, revision);
    },
    heal: (world) => {
      setKeys(world, [keys.probe], { scopes: ["model:21"] });
      returnToGoodRevision(world);
    },
    report: report("other"),
  },
  release(
    "predictions-erring",
    "A release whose prediction fails with an error of its own",
    "5xx",
    {
      defect: {
        share: 1,
        log: "ERROR [src.api.endpoints.model_serving] KeyError: 'feature_names_in_'",
        answer: { status: 500, body: "Internal Server Error", contentType: "text/plain" },
      },
    },
  ),
  edit("probe-key-expired", "Our own test key has expired", "auth service", "other", (world) =>
    setKeys(world, [keys.probe], { expiresAt: world.now() }),
  ),
  edit(
    "edge-rate-limited",
    "The firewall in front is over its limit for our address",
    "edge",
    "429",
    (world) => {
      world.firewall.blocks = [{ host: "api.hokus.ai", methods: ["POST"], status: 429 }];
      return () => void (world.firewall.blocks = []);
    },
  ),
];
