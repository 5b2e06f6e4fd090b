import { defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { dnsNames } from "#facts/dns-names.ts";

/** A name that does not resolve explains a silent API before anything behind it does. */
export const externalNames = defineCheck({
  id: "dns/external-names",
  question: "Do the public names of the API, the auth service and the website resolve?",
  needs: { names: dnsNames },
  outcomes: {
    resolve: ok("Every public name on the path has an address."),
    "api-nxdomain": failing(
      "The API's public name does not exist or has no address: no customer can connect.",
      "Look at the record in its hosted zone and at the registrar's delegation; put the record back.",
    ),
    "auth-nxdomain": failing(
      "The auth service's name does not exist or has no address: the API cannot check keys.",
      "Put the auth service's record back, or correct the name the API is configured with.",
    ),
    "api-failing": failing(
      "The name servers did not answer for the API's name, or failed.",
      "Ask the zone's own name servers (dig +trace); if they answer, the resolver used here is at fault.",
    ),
    "other-failing": degraded(
      "A name other than the API's could not be resolved just now.",
      "Ask that name's own name servers (dig +trace) and check again.",
    ),
  },
  noise: "probe",
  judge({ names }) {
    const evidence = names.map((name) => ({
      label: `${name.role} ${name.host}`,
      seen:
        name.problem === null
          ? [...name.cnames, ...name.addresses].join(", ")
          : `${name.problem.outcome} (${name.problem.code})`,
      wanted: "an address",
    }));
    const bad = names.filter((name) => name.problem !== null);
    const gone = (role: string): boolean =>
      bad.some(
        (name) =>
          name.role === role &&
          ["no-such-name", "no-address"].includes(name.problem?.outcome ?? ""),
      );
    const summary =
      bad.length === 0
        ? `${names.length} of ${names.length} names resolve`
        : bad.map((name) => `${name.host}: ${name.problem?.code ?? ""}`).join(", ");
    if (gone("api")) return found("api-nxdomain", summary, evidence);
    if (bad.some((name) => name.role === "api")) return found("api-failing", summary, evidence);
    if (gone("auth")) return found("auth-nxdomain", summary, evidence);
    return found(bad.length > 0 ? "other-failing" : "resolve", summary, evidence);
  },
});
