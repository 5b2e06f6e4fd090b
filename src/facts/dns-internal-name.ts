import { defineFact } from "#core/fact.ts";
import { notApplicable } from "#core/missing.ts";

/** The name by which the service is found inside its network. From outside its absence says nothing. */
export const dnsInternalName = defineFact({
  id: "dns-internal-name",
  needs: {},
  permissions: [],
  cost: "cheap",
  vantage: "vpc",
  deadlineMs: 4_900,
  rereadable: true,
  gather: async ({ ports, target, signal }) => {
    const { discovery } = target.service;
    if (discovery === null) {
      throw notApplicable(
        "the catalogue names no internal host",
        "set discovery on the service in hokusai.yaml",
      );
    }
    if (ports.probe.vantage !== "vpc") {
      throw notApplicable(
        `${discovery.host} resolves only inside the VPC`,
        "run the bot in the VPC and set network.vantage: vpc",
      );
    }
    return ports.probe.resolve(discovery.host, signal);
  },
});
