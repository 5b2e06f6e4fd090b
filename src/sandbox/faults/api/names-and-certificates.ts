/** What stands before the first byte: names and certificates. */
import { certificateArns } from "../../world/initial/balancers.ts";
import type { WorldState } from "../../world/state.ts";
import { predictUrl } from "../fault.ts";
import type { Fault } from "../fault.ts";
import { undoable } from "../undo.ts";

const day = 86_400_000;
const report = { symptom: "connection", url: predictUrl, method: "POST", minutesAgo: 20 } as const;

type Certificate = WorldState["certificates"][number];
const certificate = (
  id: string,
  title: string,
  change: (now: number) => Partial<Certificate>,
  arn: string = certificateArns.main,
): Fault => ({
  id,
  title,
  system: "TLS",
  ...undoable((world) => {
    const one = world.certificates.find((candidate) => candidate.arn === arn);
    if (one === undefined) return null;
    const before = { ...one };
    Object.assign(one, change(world.now()));
    return () => void Object.assign(one, before);
  }),
  report,
});

const name = (id: string, title: string, edit: (world: WorldState) => () => void): Fault => ({
  id,
  title,
  system: "external DNS",
  ...undoable(edit),
  report,
});

const failing = (world: WorldState, names: readonly string[]): (() => void) => {
  world.dns.failing.push(...names);
  return () => void (world.dns.failing = world.dns.failing.filter((one) => !names.includes(one)));
};

export const namesAndCertificates: readonly Fault[] = [
  certificate(
    "certificate-not-yet-valid",
    "The new certificate of api.hokus.ai starts tomorrow",
    (now) => ({
      notBefore: now + day,
    }),
  ),
  certificate("certificate-wrong-name", "The listener has a certificate for another name", () => ({
    names: ["old-api.hokus.ai"],
  })),
  certificate(
    "certificate-untrusted",
    "The certificate of api.hokus.ai is of an unknown authority",
    () => ({
      trusted: false,
    }),
  ),
  certificate(
    "certificate-expires-soon",
    "The certificate of api.hokus.ai ends in five days",
    (now) => ({
      notAfter: now + 5 * day,
    }),
  ),
  certificate(
    "auth-certificate-expired",
    "The certificate of auth.hokus.ai has expired",
    (now) => ({ notAfter: now - 1_000 }),
    "external:auth.hokus.ai",
  ),
  certificate(
    "hub-certificate-untrusted",
    "The hub presents a certificate of an unknown authority, as an inspecting proxy does",
    () => ({ trusted: false }),
    "external:huggingface.co",
  ),
  name("dns-servfail", "The name servers of api.hokus.ai fail", (world) =>
    failing(world, ["api.hokus.ai"]),
  ),
  name("auth-servfail", "The name servers of auth.hokus.ai fail", (world) =>
    failing(world, ["auth.hokus.ai"]),
  ),
  name("zone-failing", "The name servers of the whole zone hokus.ai fail", (world) =>
    failing(world, ["api.hokus.ai", "auth.hokus.ai", "registry.hokus.ai", "hokus.ai"]),
  ),
  name("auth-name-gone", "The record of auth.hokus.ai was deleted", (world) => {
    const { records } = world.dns;
    world.dns.records = records.filter((record) => record.name !== "auth.hokus.ai");
    return () => void (world.dns.records = records);
  }),
];
