import { cannotTell, defineCheck, failing, found, ok } from "#core/check.ts";
import type { InsideView } from "#core/ports/exec.ts";
import { containerView } from "#facts/container-view.ts";
import { withVantage } from "./seen.ts";

/** The resolver of the VPC as the container uses it: private zones and endpoints answer here only. */
export const names = defineCheck({
  id: "container/names",
  question: "Do the dependencies' names resolve inside the running container?",
  needs: { view: containerView },
  outcomes: {
    resolve: ok("Every name that was tried resolves inside the container."),
    unresolved: failing(
      "A name of a dependency does not resolve inside the container.",
      "Compare with dns/external-names. Only inside: the VPC's resolver or a private hosted zone. Everywhere: the record.",
    ),
    "none-resolves": failing(
      "No name resolves inside the container: its resolver does not answer.",
      "See enableDnsSupport and the DHCP options of the VPC, and the network ACLs on port 53.",
    ),
  },
  noise: "probe",
  judge({ view }) {
    const tried = Object.values(view.places).filter((seen): seen is InsideView => seen !== null);
    if (tried.length === 0) return cannotTell("no name was tried", "look again");
    const gone = tried.filter(({ outcome }) => outcome === "no-name");
    const evidence = withVantage(
      view,
      tried.map(({ host, addresses, error }) => ({
        label: host,
        seen: addresses.length > 0 ? addresses.join(", ") : (error ?? "no address"),
        wanted: "an address",
      })),
    );
    const hosts = gone.map(({ host }) => host).join(", ");
    if (gone.length === 0) return found("resolve", `${tried.length} names resolve`, evidence);
    return gone.length === tried.length && tried.length > 1
      ? found("none-resolves", `none of ${hosts} resolves inside`, evidence)
      : found("unresolved", `not inside: ${hosts}`, evidence);
  },
});
