import { cannotTell, defineCheck, failing, found, ok } from "#core/check.ts";
import { dnsInternalName } from "#facts/dns-internal-name.ts";

/** Service discovery as the other tasks see it; outside the VPC the name never exists. */
export const internalName = defineCheck({
  id: "dns/internal-name",
  question: "Does the service's internal name resolve?",
  needs: { name: dnsInternalName },
  outcomes: {
    resolves: ok("The internal name has an address inside the network."),
    nxdomain: failing(
      "The internal name has no address although we look from inside the network.",
      "Compare the Cloud Map instances with the running tasks, and see that the private zone is associated with the VPC.",
    ),
  },
  noise: "probe",
  judge({ name }) {
    const evidence = [
      {
        label: name.host,
        seen: name.problem === null ? name.addresses.join(", ") : name.problem.code,
        wanted: "an address",
      },
    ];
    if (name.problem === null)
      return found("resolves", `${name.host} is ${name.addresses.join(", ")}`, evidence);
    if (name.problem.outcome === "no-such-name" || name.problem.outcome === "no-address") {
      return found("nxdomain", `${name.host}: ${name.problem.code}`, evidence);
    }
    return cannotTell(
      `${name.host}: the name server failed (${name.problem.code})`,
      "check again, or set network.resolver",
    );
  },
});
