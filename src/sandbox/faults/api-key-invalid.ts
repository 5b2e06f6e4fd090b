import { keys } from "../world/initial/outside.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const apiKeyInvalid: Fault = {
  id: "api-key-invalid",
  title: "The customer's key has expired",
  system: "auth service",
  ...undoable((world) => {
    const key = world.auth.keys.find((one) => one.key === keys.customer);
    if (key === undefined) return null;
    const { expiresAt } = key;
    key.expiresAt = world.now();
    return () => void (key.expiresAt = expiresAt);
  }),
  report: { symptom: "401", url: predictUrl, method: "POST", minutesAgo: 20 },
};
