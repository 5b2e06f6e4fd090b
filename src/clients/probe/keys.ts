import type { Config, Limits, Service } from "#core/config.ts";
import { FactUnavailable, notApplicable } from "#core/missing.ts";
import type { HttpRequest } from "#core/ports/probe.ts";
import type { PredictionCount } from "#core/prediction-count.ts";

export interface Keys {
  /** The header that carries the key this request may have, and which key that is. */
  readonly headerFor: (request: HttpRequest) => Promise<{
    readonly used: "none" | "scoped" | "dummy";
    readonly headers: Readonly<Record<string, string>>;
  }>;
  readonly state: (service: Service) => "configured" | "malformed" | "missing";
}

const malformed = (key: string, prefix: string): boolean =>
  !key.startsWith(prefix) || key.length < prefix.length + 8 || /[^\x21-\x7e]/u.test(key);

/** Of the right shape, so that only the key service can refuse it. */
export const dummyKey = (prefix: string): string => `${prefix}${"0".repeat(24)}invalid`;

export function createKeys(
  config: Pick<Config, "services" | "secrets" | "limits">,
  ofDay: PredictionCount,
): Keys {
  const services = new Map(config.services.map((service) => [service.id, service]));
  const count = createPredictionCap(config.limits, ofDay);

  const headerFor: Keys["headerFor"] = async (request) => {
    const service = services.get(request.key?.service ?? "");
    if (request.key === undefined || service === undefined) return { used: "none", headers: {} };
    const { prefix } = service.api.key;
    const { header, scheme } = request.key.as ?? service.api.key;
    const write = (key: string): Readonly<Record<string, string>> => ({
      [header]: scheme === "" ? key : `${scheme} ${key}`,
    });
    const own = new URL(request.url).origin === new URL(service.api.url).origin;
    if (request.key.kind === "dummy" || !own)
      return { used: "dummy", headers: write(dummyKey(prefix)) };
    const key = config.secrets(service.api.probeKey);
    if (key === undefined) {
      throw notApplicable(
        "no scoped API key is configured",
        `set ${service.api.probeKey.env} to a key that may only call this model`,
      );
    }
    if (malformed(key, prefix)) {
      throw notApplicable(
        `${service.api.probeKey.env} is no key of this service (${prefix}...)`,
        `set ${service.api.probeKey.env} to a scoped key`,
      );
    }
    if (request.method.toUpperCase() === "POST") await count(request.runId);
    return { used: "scoped", headers: write(key) };
  };

  const state: Keys["state"] = (service) => {
    const key = config.secrets(service.api.probeKey);
    if (key === undefined) return "missing";
    return malformed(key, service.api.key.prefix) ? "malformed" : "configured";
  };
  return { headerFor, state };
}

/** Predictions touch production: a cap a run, one a minute and one a day over all runs. */
function createPredictionCap(
  limits: Limits,
  ofDay: PredictionCount,
): (runId: string) => Promise<void> {
  const perRun = new Map<string, number>();
  let recent: number[] = [];
  const refuse = (detail: string, mend: string): FactUnavailable =>
    new FactUnavailable({ reason: "not-applicable", detail, mend, availability: "lost" });
  return async (runId) => {
    const now = Date.now();
    recent = recent.filter((at) => now - at < 60_000);
    const ofRun = perRun.get(runId) ?? 0;
    const full =
      ofRun >= limits.predictionsPerRun
        ? `this run has sent its ${limits.predictionsPerRun} predictions`
        : recent.length >= limits.predictionsPerMinute
          ? `${limits.predictionsPerMinute} predictions were sent in the last minute`
          : null;
    if (full !== null) throw refuse(full, "wait a minute, or raise limits in hokusai.yaml");
    // Runs end without telling; the oldest are forgotten.
    if (perRun.size > 500) perRun.delete(perRun.keys().next().value ?? "");
    perRun.set(runId, ofRun + 1);
    recent.push(now);
    const day = new Date(now).toISOString().slice(0, 10);
    if (!(await ofDay.take(day, limits.predictionsPerDay)))
      throw refuse(
        `${limits.predictionsPerDay} predictions were sent today (UTC)`,
        "wait until tomorrow, or raise limits.predictionsPerDay in hokusai.yaml",
      );
  };
}
