import { certificateArns } from "../world/initial/balancers.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const certificateInvalid: Fault = {
  id: "certificate-invalid",
  title: "The certificate of api.hokus.ai has expired",
  system: "TLS",
  ...undoable((world) => {
    const certificate = world.certificates.find((one) => one.arn === certificateArns.main);
    if (certificate === undefined) return null;
    const { notAfter } = certificate;
    certificate.notAfter = world.now() - 1_000;
    return () => void (certificate.notAfter = notAfter);
  }),
  report: { symptom: "connection", url: predictUrl, method: "POST", minutesAgo: 20 },
};
