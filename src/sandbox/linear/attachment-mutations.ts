import type { LinearDocument } from "@linear/sdk";
import type { Context, Resolver } from "./context.ts";
import { invalid } from "./errors.ts";
import { done, removed } from "./payload.ts";
import type { Amendment, ById, Input } from "./payload.ts";
import { issueBy } from "./queries.ts";
import type { AttachmentRow } from "./rows.ts";

type AttachmentInput = Pick<
  LinearDocument.AttachmentCreateInput,
  "id" | "issueId" | "title" | "subtitle" | "url" | "metadata"
>;

/** Upserts on (issue, url), as attachmentCreate does; the first one's id stays. */
function attach(input: AttachmentInput, { store, writer, viewerId, views }: Context): object {
  const issue = issueBy(store, input.issueId);
  if (!URL.canParse(input.url)) throw invalid("url must be a URL");
  const metadata = toMetadata(input.metadata);
  const row = store
    .all("Attachment")
    .find(({ issueId, url }) => issueId === issue.id && url === input.url);
  const content = { title: input.title, subtitle: input.subtitle ?? null, metadata };
  const after: AttachmentRow =
    row === undefined
      ? store.insert(
          "Attachment",
          {
            id: input.id ?? undefined,
            issueId: issue.id,
            url: input.url,
            creatorId: viewerId,
            ...content,
          },
          writer,
        )
      : store.amend("Attachment", row.id, content, writer);
  return done("attachment", views.attachment(after));
}

/** Flat strings and numbers; `attributes` and `messages` are the lists that Linear displays. */
function toMetadata(value: unknown): Record<string, unknown> {
  const metadata = (value ?? {}) as Record<string, unknown>;
  for (const [key, entry] of Object.entries(metadata)) {
    const flat = typeof entry === "string" || typeof entry === "number";
    if (!flat && key !== "attributes" && key !== "messages") {
      throw invalid(`metadata.${key} must be a string or a number`);
    }
  }
  return metadata;
}

interface Link {
  readonly issueId: string;
  readonly url: string;
  readonly title?: string;
  readonly id?: string;
}

export const attachmentMutations: Readonly<Record<string, Resolver>> = {
  attachmentCreate: ({ input }: Input<LinearDocument.AttachmentCreateInput>, context) =>
    attach(input, context),
  attachmentLinkURL: (args: Link, context) =>
    attach({ ...args, title: args.title ?? args.url }, context),
  attachmentLinkSlack: (args: Link, context) =>
    attach({ ...args, title: args.title ?? "Slack thread" }, context),
  attachmentUpdate: (
    { id, input }: Amendment<LinearDocument.AttachmentUpdateInput>,
    { store, writer, views },
  ) => {
    const { metadata } = store.get("Attachment", id);
    const after = {
      title: input.title,
      metadata: input.metadata == null ? metadata : toMetadata(input.metadata),
      ...(input.subtitle === undefined ? {} : { subtitle: input.subtitle }),
    };
    return done("attachment", views.attachment(store.amend("Attachment", id, after, writer)));
  },
  attachmentDelete: ({ id }: ById, { store, writer }) => {
    store.remove("Attachment", id, writer);
    return removed(id);
  },
};
