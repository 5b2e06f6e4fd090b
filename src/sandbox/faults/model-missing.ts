import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const modelMissing: Fault = {
  id: "model-missing",
  title: "The row of model 21 was deleted from deployed_models",
  system: "deployed_models table",
  ...undoable((world) => {
    const { deployedModels } = world.database;
    world.database.deployedModels = deployedModels.filter((row) => row.modelId !== "21");
    return () => void (world.database.deployedModels = deployedModels);
  }),
  report: { symptom: "404", url: predictUrl, method: "POST", minutesAgo: 20 },
};
