import { defineCheck, failing, ok } from "#core/check.ts";
import { containerView } from "#facts/container-view.ts";
import { placeSeen } from "./seen.ts";

/** Only the way to it: whether the token reads the repository is dependencies/hub. */
export const hub = defineCheck({
  id: "container/hub",
  question: "Does the running container reach the model hub?",
  needs: { view: containerView },
  outcomes: {
    ok: ok("Name, connection, TLS and an HTTP answer: the container reaches the hub."),
    "no-name": failing(
      "The hub's name does not resolve inside the container.",
      "Look at the VPC's resolver; a DNS firewall may block the name.",
    ),
    refused: failing(
      "The hub's address refuses the container.",
      "See the hub's status page, and what answers for its address inside the VPC.",
    ),
    timeout: failing(
      "The container gets no connection to the hub, or no answer: models that are not loaded stay so.",
      "Compare with network/egress-hub and dependencies/hub: the way out, or the hub itself.",
    ),
    "tls-failure": failing(
      "The container does not trust what the hub presents, or the handshake fails.",
      "An inspecting proxy may answer; the image's certificate store may be old.",
    ),
    "server-error": failing(
      "The hub answers the container with an error.",
      "See the hub's status page; models that are loaded already keep working.",
    ),
    broken: failing(
      "Something between the container and the hub drops the connection.",
      "Read the error in the evidence; look at proxies and routes on the way.",
    ),
  },
  noise: "probe",
  judge: ({ view }) => placeSeen(view, "hub", "an HTTP answer below 500"),
});
