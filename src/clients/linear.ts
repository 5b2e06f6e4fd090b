import { LinearClient, type LinearDocument } from "@linear/sdk";
import { z } from "zod";
import { messageOf } from "#core/errors.ts";
import { RetryLater } from "#core/incident.ts";
import { LinearRefused, type LinearApi, type Ticket } from "#core/ports/linear.ts";
import { operations, type OperationName } from "./linear-operations.ts";

export interface LinearClientOptions {
  readonly apiKey: string | null;
  readonly accessToken: string | null;
  /** Null for Linear itself. HTTPS, unless on localhost (the SDK's rule). */
  readonly apiUrl: string | null;
  readonly timeoutMs?: number;
}

const ticket = z.object({ id: z.string(), identifier: z.string(), url: z.string() });
const nodes = <Item extends z.ZodType>(item: Item) => z.object({ nodes: z.array(item) });
const success = z.object({ success: z.literal(true) });

export function createLinearClient(options: LinearClientOptions): LinearApi {
  /** A signal kills the SDK client that has it for good: each call gets its own, which is cheap. */
  const send = async <Shape extends z.ZodType>(
    name: OperationName,
    variables: Record<string, unknown>,
    shape: Shape,
  ): Promise<z.infer<Shape>> => {
    const signal = AbortSignal.timeout(options.timeoutMs ?? 10_000);
    const { client } = new LinearClient({
      ...(options.accessToken === null
        ? { apiKey: options.apiKey ?? "" }
        : { accessToken: options.accessToken }),
      ...(options.apiUrl === null ? {} : { apiUrl: options.apiUrl }),
      signal,
    });
    let data: unknown;
    try {
      data = (await client.rawRequest(operations[name], variables)).data;
    } catch (error) {
      throw classified(name, error, signal.aborted);
    }
    const read = shape.safeParse(data);
    if (!read.success) throw new RetryLater(`Linear's answer to ${name} has an unknown shape`);
    return read.data;
  };

  const teamId = async (key: string | null): Promise<string> => {
    const filter: LinearDocument.TeamFilter = key === null ? {} : { key: { eq: key } };
    const found = await send(
      "HokusaiTeam",
      { filter },
      z.object({ teams: nodes(z.object({ id: z.string() })) }),
    );
    const team = found.teams.nodes[0];
    if (team === undefined) {
      throw new LinearRefused(
        "HokusaiTeam",
        "NO_TEAM",
        key === null ? "the key sees no team" : `there is no team ${key}`,
      );
    }
    return team.id;
  };
  const ticketOf = async (reference: string): Promise<Ticket | null> => {
    try {
      return (await send("HokusaiTicket", { id: reference }, z.object({ issue: ticket }))).issue;
    } catch (error) {
      if (isMissing(error, "Issue")) return null;
      throw error;
    }
  };

  return {
    ticket: ticketOf,
    async openTicketWith(text) {
      const found = await send("HokusaiOpenTicket", { text }, z.object({ issues: nodes(ticket) }));
      return found.issues.nodes[0] ?? null;
    },
    async createTicket({ id, title, description, priority, team }) {
      const input: LinearDocument.IssueCreateInput = {
        id,
        title,
        description,
        priority,
        teamId: await teamId(team),
      };
      try {
        const made = await send(
          "HokusaiCreateTicket",
          { input },
          z.object({ issueCreate: success.extend({ issue: ticket }) }),
        );
        return made.issueCreate.issue;
      } catch (error) {
        const known = isConflict(error, "Issue") ? await ticketOf(id) : null;
        if (known === null) throw error;
        return known;
      }
    },
    async createComment({ id, issueId, body }) {
      const input: LinearDocument.CommentCreateInput = { id, issueId, body };
      try {
        await send("HokusaiCreateComment", { input }, z.object({ commentCreate: success }));
        return "created";
      } catch (error) {
        if (isConflict(error, "Comment")) return "exists";
        throw error;
      }
    },
    async updateComment(id, body) {
      const input: LinearDocument.CommentUpdateInput = { body };
      try {
        await send("HokusaiUpdateComment", { id, input }, z.object({ commentUpdate: success }));
        return "updated";
      } catch (error) {
        if (isMissing(error, "Comment")) return "gone";
        throw error;
      }
    },
    async attach(attachment) {
      const input: LinearDocument.AttachmentCreateInput = { ...attachment };
      await send("HokusaiAttach", { input }, z.object({ attachmentCreate: success }));
    },
  };
}

/** Only what is read of the SDK's error; its class is not to be trusted (RATELIMITED comes as Unknown). */
const failure = z.object({
  status: z.number().optional().catch(undefined),
  raw: z
    .object({
      response: z
        .object({
          status: z.number().optional().catch(undefined),
          headers: z.unknown(),
          errors: z
            .array(
              z.object({
                message: z.string().catch(""),
                extensions: z
                  .object({
                    code: z.string().optional(),
                    userPresentableMessage: z.string().optional(),
                  })
                  .optional(),
              }),
            )
            .optional()
            .catch(undefined),
        })
        .optional(),
    })
    .optional(),
});

function classified(operation: OperationName, error: unknown, timedOut: boolean): Error {
  if (timedOut) return new RetryLater(`Linear gave no answer to ${operation} in time`, null);
  const read = failure.safeParse(error);
  const response = read.success ? read.data.raw?.response : undefined;
  const first = response?.errors?.[0];
  const status = response?.status ?? (read.success ? read.data.status : undefined);
  const code = first?.extensions?.code ?? (status === undefined ? undefined : `HTTP ${status}`);
  if (code === "RATELIMITED" || status === 429) {
    return new RetryLater(`Linear limits us (${operation})`, untilReset(response?.headers));
  }
  if (
    code === undefined ||
    code === "INTERNAL_SERVER_ERROR" ||
    (first === undefined && (status ?? 0) >= 500)
  ) {
    return new RetryLater(
      `Linear cannot answer ${operation}: ${code ?? messageOf(error).slice(0, 200)}`,
    );
  }
  // The SDK's error carries the variables, which hold the ticket's content: it is not kept as cause.
  const detail =
    `${first?.message ?? ""} ${first?.extensions?.userPresentableMessage ?? ""}`.trim();
  return new LinearRefused(operation, code, detail.slice(0, 300));
}

/** Milliseconds until the first exhausted allowance is full again; null where no header tells. */
function untilReset(headers: unknown): number | null {
  if (!(headers instanceof Headers)) return null;
  const waits = ["requests", "complexity"].flatMap((kind) => {
    const left = Number(headers.get(`x-ratelimit-${kind}-remaining`) ?? "1");
    const reset = Number(headers.get(`x-ratelimit-${kind}-reset`) ?? "");
    return left <= 0 && Number.isFinite(reset) && reset > 0 ? [reset - Date.now()] : [];
  });
  return waits.length === 0 ? null : Math.max(1_000, ...waits);
}

/** A create that was already done: the entity type has to match, the id is the one we sent. */
const isConflict = (error: unknown, entity: string): boolean =>
  error instanceof LinearRefused && error.message.includes(`conflict on insert of ${entity}`);
const isMissing = (error: unknown, entity: string): boolean =>
  error instanceof LinearRefused && error.message.includes(`Entity not found: ${entity}`);
