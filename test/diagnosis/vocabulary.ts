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
ecs/stopped-tasks: none application-exit out-of-memory image-or-secret elb-health-check capacity | recovered infrastructure seen-earlier past-release; read
ecs/service-events: quiet unable-to-start unhealthy-targets unable-to-place | over; read
ecs/environment: complete missing; read
ecs/environment-change: same changed; read
ecs/container-port: agree differ; read
ecs/image: present missing | next-start-fails moved; read
ecs/secrets: present missing | next-start-fails; read
ecs/task-health: healthy unhealthy pull-stalls starting; read
logs/stream: present no-stream group-missing; read
logs/startup: none missing-variable crash; log
logs/listening: as-described other-port loopback not-yet; log
logs/auth: none unresolved timeouts errors; log
logs/redis: none unresolved errors; log
logs/hub: none unresolved errors; log
logs/database: none unresolved errors; log
logs/method-not-allowed: none some; log
logs/model-errors: none some; log
logs/onset: none onset; log
load-balancer/targets: healthy none-registered some-unhealthy unhealthy-response unhealthy-timeout unhealthy-refused not-in-use; read
load-balancer/targets-match-tasks: match stale missing; read
load-balancer/routing: to-service other-target-group fixed-response redirect login-first rewritten no-listener weight-zero; read
load-balancer/health-check: consistent wrong-path-or-port too-strict; read
load-balancer/errors: none load-balancer-5xx target-5xx target-4xx; lasting
load-balancer/access-log: clean balancer-errors callers-gave-up target-errors refused slow; log
load-balancer/onset: none onset; probe
network/inbound: allowed blocked-by-group blocked-by-acl; read
network/egress-auth: allowed blocked-by-group blocked-by-acl no-route; read
network/egress-redis: allowed blocked-by-group blocked-by-acl no-route; read
network/egress-hub: allowed blocked-by-group blocked-by-acl no-route; read
network/egress-database: allowed blocked-by-group blocked-by-acl no-route; read
network/free-addresses: enough none-left | next-start-fails; read
container/listening: listening not-listening other-port bound-to-loopback silent; probe
container/names: resolve unresolved none-resolves; probe
container/auth: ok no-name refused timeout tls-failure server-error broken; probe
container/hub: ok no-name refused timeout tls-failure server-error broken; probe
container/redis: ok no-name refused timeout broken; probe
container/database: ok no-name refused timeout broken; probe
network/start-reach: reachable no-way blocked | next-start-fails; read
network/vpc-dns: on off private-names-off; read
discovery/instances: match stale none; read
metrics/saturation: within saturated; read
metrics/latency: within slow slow-throughout; lasting
changes/recent: none changed; read
changes/dependencies: none changed rollout-failed not-running not-found; read
changes/fix-deployed: one-image several-images deployed not-deployed mixed; read
history/earlier-incidents: none | seen-before; read
identity/catalogue: agree drift; read
identity/chain: proven other-account dns-elsewhere route-elsewhere service-unlinked; read
dns/external-names: resolve api-nxdomain auth-nxdomain api-failing other-failing; probe
dns/internal-name: resolves nxdomain; probe
tls/certificates: valid expires-soon expired not-yet-valid wrong-name untrusted; probe
edge/reach: app load-balancer-404 load-balancer-fixed gateway-502 gateway-503 gateway-504 timeout no-connection tls-failure no-name block-page foreign-answer; probe
edge/addresses: all-answer some-fail all-fail; read
api/health: ok failing slow timeout; probe
api/each-request: all-answer some-fail all-fail; read
api/model-info: ok not-found no-route failing slow; probe
api/model-health: ok not-found no-route failing slow; probe
dependencies/auth: ok timeout refused server-error no-name tls-failure; probe
dependencies/redis: ok refused timeout auth-error full tls-failure no-name starting too-many-connections broken; probe
dependencies/hub: ok unauthorised not-found unreachable; probe
dependencies/database: ok refused timeout auth-error tls-failure no-name starting too-many-connections broken; probe
model/deployed: deployed missing not-deployed ambiguous; read
model/registered: present missing unreachable; read
routes/predict: registered post-missing path-missing shadowed; probe
prediction/without-key: refused-401 unhelpful-401 refused-403 answered-without-key another-answered method-not-allowed not-found server-error throttled timeout no-connection; probe
prediction/invalid-key: refused-401 unclear-401 accepted server-error timeout another-answered other; probe
prediction/with-key: answered wrong-shape unauthorised-401 forbidden-403 own-key-refused not-found-404 no-route-404 method-not-allowed-405 invalid-422 refused-4xx throttled-429 server-error-5xx unavailable-503 timeout no-connection; probe
prediction/body: fits misfit; probe
prediction/other-model: refused accepted; probe
prediction/latency: within slow slow-first; probe
auth/layers: consistent key-path-stalls layers-disagree; probe
trace/request: answer model auth load-balancer; log
client/request: same works-as-sent other-host-405 other-host-other not-our-host other-path other-method other-header other-fields same-405-json differs-too same-fails; probe
client/key-format: well-formed malformed; read
client/refusals: none keys-refused throttled; probe
docs/page: match other-host other-path other-method other-header other-fields; lasting
docs/request: works key-refused body-refused method-refused not-served other-server no-prediction; probe
scope/other-models: others-work others-fail-too wider; probe
logs/attempt: none | startup-errors method-not-allowed auth-errors dependency-errors model-errors other-errors; log
`;

const noiseOf = (word: string): Noise => {
  if (word === "read" || word === "probe" || word === "lasting" || word === "log") return word;
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
