import type { Vocabulary } from "#commands/command.ts";

export const vocabulary: Vocabulary = {
  models: [
    { id: "21", name: "Sales Lead Scoring v2", aliases: ["LSCOR", "lead scoring"] },
    { id: "20", name: "Sales Lead Scoring v1", aliases: [] },
    { id: "churn-7", name: "Churn", aliases: ["leavers"] },
  ],
  plans: ["model-api-timeout", "connection-405"],
};
