import { appendTrail } from "../world/state.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

/** Tasks read secrets when they start: those that run go on. */
export const secretLost: Fault = {
  id: "secret-lost",
  title:
    "A secret that the running tasks were started with was deleted: the next task cannot start",
  system: "Secrets Manager",
  ...undoable((world) => {
    const secret = world.secrets.find((one) => one.name.endsWith("/redis-url"));
    if (secret === undefined) return null;
    secret.deletedAt = world.now();
    appendTrail(world, {
      eventName: "DeleteSecret",
      eventSource: "secretsmanager.amazonaws.com",
      username: "platform-admin",
      resources: [{ resourceType: "AWS::SecretsManager::Secret", resourceName: secret.arn }],
      requestParameters: { secretId: secret.name },
    });
    return () => void delete secret.deletedAt;
  }),
  report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 20 },
};
