import { cannotTell, defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { seenLine } from "#core/observation.ts";
import { tlsCertificates } from "#facts/tls-certificates.ts";

const soonDays = 14;
const order = ["expired", "not-yet-valid", "wrong-name", "untrusted"] as const;
const outcomes: Readonly<Record<string, (typeof order)[number]>> = {
  "certificate-expired": "expired",
  "certificate-not-yet-valid": "not-yet-valid",
  "certificate-wrong-name": "wrong-name",
  "certificate-untrusted": "untrusted",
  "certificate-self-signed": "untrusted",
};

/** Customers' clients refuse a bad certificate before they send anything. */
export const certificates = defineCheck({
  id: "tls/certificates",
  question: "Are the certificates of the API, the auth service and the website good?",
  needs: { hosts: tlsCertificates },
  outcomes: {
    valid: ok(
      "Every certificate is trusted, for the right name, and good for more than two weeks.",
    ),
    "expires-soon": degraded(
      "A certificate ends within two weeks.",
      "Renew it now; if ACM renews it, see that its validation record still exists.",
    ),
    expired: failing(
      "A certificate has expired: clients refuse to connect.",
      "Issue a new one and attach it to the listener.",
    ),
    "not-yet-valid": failing(
      "A certificate is not valid yet: clients refuse to connect.",
      "Attach the previous one until it is, and look at the clock of what issued it.",
    ),
    "wrong-name": failing(
      "A host shows a certificate for another name: clients refuse to connect.",
      "Attach the right certificate to the listener, or see where the name's DNS record points.",
    ),
    untrusted: failing(
      "A certificate comes from nobody whom clients trust.",
      "Attach one of a public authority with its whole chain; behind a proxy that inspects TLS, set network.ca.",
    ),
  },
  noise: "probe",
  judge({ hosts }, { now }) {
    const evidence = hosts.map((host) => ({
      label: `${host.role} ${host.host}`,
      seen:
        host.certificate === null
          ? seenLine(host)
          : `${host.outcome === "answered" ? "good" : host.outcome}, until ${host.certificate.validTo.slice(0, 10)}, for ${host.certificate.names.slice(0, 3).join(" ")}`,
      wanted: `good for more than ${soonDays} days`,
    }));
    for (const outcome of order) {
      const host = hosts.find((candidate) => outcomes[candidate.outcome] === outcome);
      if (host !== undefined)
        return found(
          outcome,
          `${host.host}: ${host.code ?? outcome}, until ${host.certificate?.validTo.slice(0, 10) ?? "unknown"}`,
          evidence,
        );
    }
    const good = hosts.filter((host) => host.certificate !== null);
    if (good.length === 0)
      return cannotTell(
        "no host showed a certificate",
        "see edge/reach: nothing could be connected to by TLS",
      );
    const days = Math.floor(
      Math.min(...good.map((host) => Date.parse(host.certificate?.validTo ?? "") - now)) /
        86_400_000,
    );
    const summary = `${good.length} of ${hosts.length} seen, the first ends in ${days} days`;
    return found(days <= soonDays ? "expires-soon" : "valid", summary, evidence);
  },
});
