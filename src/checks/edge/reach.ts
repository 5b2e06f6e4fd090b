import { defineCheck, failing, found, ok } from "#core/check.ts";
import { edgeLayer, seenLine } from "#core/observation.ts";
import { edgeReach } from "#facts/edge-reach.ts";

/** The furthest layer: a 401 from the application proves DNS, TLS, load balancer and application up. */
export const reach = defineCheck({
  id: "edge/reach",
  question: "How far does a request without a key get?",
  needs: { edge: edgeReach },
  outcomes: {
    app: ok(
      "The application itself answered: names, TLS, load balancer and application are up. It says nothing of routes or the auth service.",
    ),
    "load-balancer-404": failing(
      "The load balancer answered 404 itself: no listener rule matches this host and path.",
      "Compare the listener's rules with the customer's URL (load-balancer/routing).",
    ),
    "load-balancer-fixed": failing(
      "The load balancer answered by itself, with a fixed response or a redirect.",
      "Find the rule that answers (load-balancer/routing): a maintenance rule may have been left on.",
    ),
    "gateway-502": failing(
      "The gateway got a reset or a refusal from what stands behind it.",
      "See whether tasks listen on the target's port (ecs/container-port) and stay up (ecs/stopped-tasks).",
    ),
    "gateway-503": failing(
      "The gateway has nothing to send the request to: no target is registered.",
      "See whether the service runs at all (ecs/service-running) and registers its tasks (load-balancer/targets).",
    ),
    "gateway-504": failing(
      "The gateway waited in vain for what stands behind it.",
      "See whether the load balancer may reach the tasks (network/inbound), and whether they hang.",
    ),
    timeout: failing(
      "Something accepted the connection and never answered.",
      "See targets and tasks; without a load balancer's own 504 the application holds the request.",
    ),
    "no-connection": failing(
      "No connection to the API's public address could be made or kept.",
      "See that the load balancer exists, listens on the port and lets the internet in.",
    ),
    "tls-failure": failing(
      "The TLS handshake failed: clients give up before they send anything.",
      "See tls/certificates and the listener's certificate and security policy.",
    ),
    "no-name": failing("The API's name gave no address.", "See dns/external-names."),
    "block-page": failing(
      "A firewall or CDN in front answered instead of the API.",
      "Find the rule that matched in its log; exempt the API's path or this caller.",
    ),
    "foreign-answer": failing(
      "Something answered that is neither the load balancer nor the application.",
      "See where the name's DNS record points, and which server answers there.",
    ),
  },
  noise: "probe",
  judge({ edge: { post, get } }) {
    const server = post.headers["server"];
    return found(edgeLayer(post), `POST without a key: ${seenLine(post)}`, [
      {
        label: "POST without a key",
        seen: seenLine(post),
        wanted: "401 JSON from the application",
      },
      { label: "GET of the same URL", seen: seenLine(get) },
      ...(server === undefined ? [] : [{ label: "server header", seen: server }]),
      { label: "seen from", seen: post.vantage },
    ]);
  },
});
