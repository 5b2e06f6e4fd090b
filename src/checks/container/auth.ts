import { defineCheck, failing, ok } from "#core/check.ts";
import { containerView } from "#facts/container-view.ts";
import { placeSeen } from "./seen.ts";

/** From inside the task: the same egress, resolver and trust as the API's own client has. */
export const auth = defineCheck({
  id: "container/auth",
  question: "Does the running container reach the auth service?",
  needs: { view: containerView },
  outcomes: {
    ok: ok("Name, connection, TLS and an HTTP answer: the container reaches the auth service."),
    "no-name": failing(
      "The auth service's name does not resolve inside the container.",
      "Compare with dns/external-names; look at the VPC's resolver and private hosted zones.",
    ),
    refused: failing(
      "The auth service's address refuses the container.",
      "See that the auth service runs, and that its name leads to it from inside the VPC too.",
    ),
    timeout: failing(
      "The container gets no connection to the auth service, or no answer: each keyed request waits for it.",
      "Compare with network/egress-auth and dependencies/auth: the way out, or the service itself.",
    ),
    "tls-failure": failing(
      "The container does not trust what the auth service presents, or the handshake fails.",
      "See tls/certificates; the image's certificate store may be old.",
    ),
    "server-error": failing(
      "The auth service answers the container with an error.",
      "Ask whoever runs the auth service; look at its log.",
    ),
    broken: failing(
      "Something between the container and the auth service drops the connection.",
      "Read the error in the evidence; look at proxies, endpoints and routes on the way.",
    ),
  },
  noise: "probe",
  judge: ({ view }) => placeSeen(view, "auth", "an HTTP answer below 500"),
});
