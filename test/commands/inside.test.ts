import { describe, expect, it } from "vitest";
import { runCheck } from "#commands/check.ts";
import type { CheckCommand } from "#commands/command.ts";
import { InsideDenied } from "#commands/inside.ts";
import { parseCommand } from "#commands/parse.ts";
import { loadConfig } from "#config/load.ts";
import type { ServiceExec } from "#core/config.ts";
import type { InvestigateRequest } from "#core/investigate.ts";
import type { Asker } from "#core/investigation.ts";
import { vocabulary } from "./vocabulary.ts";

const loaded = await loadConfig({ env: {}, cwd: import.meta.dirname });
const command = parseCommand("check model 21 --inside", vocabulary) as CheckCommand;

async function ask(exec: ServiceExec | null, asker: Asker): Promise<InvestigateRequest> {
  const models = loaded.models.map((model) => ({ ...model, service: { ...model.service, exec } }));
  const { request } = await runCheck(command, {
    config: { models, plans: loaded.plans },
    clock: { now: () => 0 },
    asker,
    channel: null,
    investigate: async () => ({}) as never,
  });
  return request;
}

const on = (...approvers: string[]): ServiceExec => ({
  enabled: true,
  container: null,
  role: null,
  approvers,
});
const slack = (id: string | null): Asker => ({ door: "slack", id });
const terminal: Asker = { door: "terminal", id: null };

describe("who may let a run look from inside", () => {
  it("is asked for by --inside", () => {
    expect(command).toMatchObject({ verb: "check", model: "21", inside: true });
    expect(parseCommand("check model 21", vocabulary)).not.toHaveProperty("inside");
  });

  it.each([
    ["an approver in Slack", on("U0ONCALL"), slack("U0ONCALL")],
    ["whoever holds the credentials, at a terminal", on(), terminal],
  ])("%s may", async (_, exec, asker) => {
    expect(await ask(exec, asker)).toMatchObject({ inside: true, asker });
  });

  it.each([
    ["where it is not configured", null, slack("U0ONCALL"), /switched off.*hokusai-api/u],
    ["where it is switched off", { ...on("U0ONCALL"), enabled: false }, slack("U0ONCALL"), /off/u],
    ["at a terminal where it is switched off", { ...on(), enabled: false }, terminal, /off/u],
    ["somebody else in Slack", on("U0ONCALL"), slack("U0OTHER"), /^You may not approve/u],
    ["anybody in Slack where nobody is named", on(), slack("U0ONCALL"), /^You may not approve/u],
    ["nobody", on("U0ONCALL"), slack(null), /^You may not approve/u],
    ["an alarm", on("U0ONCALL"), { door: "alarm", id: "U0ONCALL" } as const, /^You may not/u],
  ])("%s may not", async (_, exec, asker, sentence) => {
    const refused = ask(exec, asker);
    await expect(refused).rejects.toThrow(InsideDenied);
    await expect(refused).rejects.toThrow(sentence);
  });
});
