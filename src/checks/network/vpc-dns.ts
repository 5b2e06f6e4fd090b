import { defineCheck, failing, found, ok } from "#core/check.ts";
import { vpcDns } from "#facts/vpc-dns.ts";
import { vpcConsole } from "../console.ts";

/** A name that resolves from here proves nothing for the inside of a VPC whose resolver is off. */
export const vpcNames = defineCheck({
  id: "network/vpc-dns",
  question: "Do names resolve inside the tasks' VPC?",
  needs: { dns: vpcDns },
  outcomes: {
    on: ok(
      "DNS support and DNS hostnames are on: Amazon's resolver answers, private names included.",
    ),
    off: failing(
      "DNS support of the VPC is off: unless its DHCP options name other servers, no name resolves for the tasks.",
      "Switch enableDnsSupport on again; see who changed it (changes/recent).",
    ),
    "private-names-off": failing(
      "DNS hostnames of the VPC are off: its private zones and the private names of endpoints do not resolve.",
      "Switch enableDnsHostnames on again; see who changed it (changes/recent).",
    ),
  },
  noise: "read",
  consoleLink: (target) => vpcConsole(target, "vpcs"),
  judge({ dns: { vpc, support, hostnames } }) {
    const said = `${vpc}: enableDnsSupport ${support}, enableDnsHostnames ${hostnames}`;
    const evidence = [
      { label: "enableDnsSupport", seen: `${support}`, wanted: "true" },
      { label: "enableDnsHostnames", seen: `${hostnames}`, wanted: "true" },
    ];
    if (!support) return found("off", said, evidence);
    return found(hostnames ? "on" : "private-names-off", said, evidence);
  },
});
