import { randomBytes } from "node:crypto";
import type { LinearDocument } from "@linear/sdk";
import { attachmentMutations } from "./attachment-mutations.ts";
import { commentMutations } from "./comment-mutations.ts";
import type { Resolver } from "./context.ts";
import { issueMutations } from "./issue-mutations.ts";
import { done, removed } from "./payload.ts";
import type { ById, Input } from "./payload.ts";

/** Every mutation that the sandbox serves. */
export const mutations: Readonly<Record<string, Resolver>> = {
  ...issueMutations,
  ...commentMutations,
  ...attachmentMutations,
  fileUpload: (
    args: { readonly contentType: string; readonly filename: string; readonly size: number },
    { uploads },
  ) => done("uploadFile", uploads.announce(args)),
  webhookCreate: (
    { input }: Input<LinearDocument.WebhookCreateInput>,
    { store, writer, views },
  ) => {
    const row = store.insert(
      "Webhook",
      {
        id: input.id ?? undefined,
        url: input.url,
        label: input.label ?? null,
        enabled: input.enabled ?? true,
        secret: input.secret ?? `lin_wh_${randomBytes(16).toString("hex")}`,
        resourceTypes: input.resourceTypes,
        teamId: input.teamId ?? null,
      },
      writer,
    );
    return done("webhook", views.webhook(row));
  },
  webhookDelete: ({ id }: ById, { store, writer }) => {
    store.remove("Webhook", id, writer);
    return removed(id);
  },
};
