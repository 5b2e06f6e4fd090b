/**
 * The checks as the diagnosis sees them: outcomes (the first is normal) and noise. Written apart from
 * src/checks, so that a changed outcome shows as a failing test of the plans. After a bar: outcomes of
 * what is over, which are no evidence.
 */
import type { Noise } from "#core/check.ts";
import type { CheckShape } from "#core/diagnosis.ts";

const table = `
ecs/service-running: running below-desired zero-running zero-desired not-found; read
ecs/rollout: steady in-progress failed | rolled-back; read
ecs/stopped-tasks: none application-exit out-of-memory image-or-secret elb-health-check capacity | infrastructure past-release; read
ecs/service-events: quiet unable-to-start unhealthy-targets unable-to-place | over; read
ecs/environment: complete missing; read
ecs/environment-change: same changed; read
ecs/container-port: agree differ; read
ecs/image: present missing | next-start-fails moved; read
ecs/secrets: present missing | next-start-fails; read
ecs/task-health: healthy unhealthy starting; read
logs/stream: present no-stream group-missing; read
logs/startup: none missing-variable crash; log
logs/auth: none timeouts errors; log
logs/redis: none errors; log
logs/hub: none errors; log
logs/database: none errors; log
logs/method-not-allowed: none some; log
logs/model-errors: none some; log
logs/onset: none onset; log
load-balancer/targets: healthy none-registered some-unhealthy unhealthy-response unhealthy-timeout unhealthy-refused not-in-use; read
load-balancer/targets-match-tasks: match stale missing; read
load-balancer/routing: to-service other-target-group fixed-response redirect no-listener weight-zero; read
load-balancer/health-check: consistent wrong-path-or-port too-strict; read
load-balancer/errors: none load-balancer-5xx target-5xx target-4xx; probe
network/inbound: allowed blocked-by-group blocked-by-acl; read
network/egress-auth: allowed blocked-by-group blocked-by-acl no-route; read
network/egress-redis: allowed blocked-by-group blocked-by-acl no-route; read
network/egress-hub: allowed blocked-by-group blocked-by-acl no-route; read
network/egress-database: allowed blocked-by-group blocked-by-acl no-route; read
discovery/instances: match stale none; read
metrics/saturation: within saturated; read
metrics/latency: within slow; probe
changes/recent: none changed; read
changes/fix-deployed: one-image several-images deployed not-deployed mixed; read
identity/catalogue: agree drift; read
identity/chain: proven dns-elsewhere route-elsewhere service-unlinked; read
dns/external-names: resolve api-nxdomain auth-nxdomain api-failing other-failing; probe
dns/internal-name: resolves nxdomain; probe
tls/certificates: valid expires-soon expired not-yet-valid wrong-name untrusted; probe
edge/reach: app load-balancer-404 load-balancer-fixed gateway-502 gateway-503 gateway-504 timeout no-connection tls-failure no-name block-page foreign-answer; probe
edge/addresses: all-answer some-fail all-fail; probe
api/health: ok failing slow timeout; probe
api/model-info: ok not-found failing slow; probe
api/model-health: ok not-found failing slow; probe
dependencies/auth: ok timeout refused server-error no-name tls-failure; probe
dependencies/redis: ok refused timeout auth-error full tls-failure no-name broken; probe
dependencies/hub: ok unauthorised not-found unreachable; probe
dependencies/database: ok refused timeout auth-error tls-failure no-name broken; probe
model/deployed: deployed missing not-deployed ambiguous; read
model/registered: present missing; read
routes/predict: registered post-missing path-missing shadowed; probe
prediction/without-key: refused-401 refused-403 answered-without-key method-not-allowed not-found server-error throttled timeout no-connection; probe
prediction/invalid-key: refused-401 unclear-401 accepted server-error timeout other; probe
prediction/with-key: answered wrong-shape unauthorised-401 forbidden-403 not-found-404 method-not-allowed-405 invalid-422 throttled-429 server-error-5xx unavailable-503 timeout no-connection; probe
prediction/body: fits misfit; probe
prediction/other-model: refused accepted; probe
prediction/latency: within slow slow-first; probe
auth/layers: consistent key-path-stalls layers-disagree; probe
trace/request: answer model auth load-balancer; log
client/request: same works-as-sent other-host-405 other-host-other not-our-host other-path other-method other-header other-fields same-405-json same-fails; probe
client/key-format: well-formed malformed; read
client/refusals: none keys-refused throttled; probe
docs/page: match other-host other-path other-method other-header other-fields; probe
scope/other-models: others-work others-fail-too; probe
`;

const noiseOf = (word: string): Noise => {
  if (word === "read" || word === "probe" || word === "log") return word;
  throw new Error(`no such noise: ${word}`);
};

export const vocabulary: Readonly<Record<string, CheckShape>> = Object.fromEntries(
  table
    .trim()
    .split("\n")
    .map((line): [string, CheckShape] => {
      const [check = "", rest = ""] = line.split(": ");
      const [named = "", noise = ""] = rest.split("; ");
      const [outcomes = [], history = []] = named.split(" | ").map((part) => part.split(" "));
      return [check, { outcomes, history, noise: noiseOf(noise), cost: 1 }];
    }),
);
