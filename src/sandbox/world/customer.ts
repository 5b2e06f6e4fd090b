/** A third party's integration: posts the ten fields to wherever its own settings point. */
import { setTimeout as sleep } from "node:timers/promises";
import { DialError } from "../net/wires.ts";
import type { Wires } from "../net/wires.ts";
import { sendRequest } from "../net/request.ts";
import { exampleInputs } from "./initial/outside.ts";
import { uuid } from "./state.ts";
import type { Customer, WorldState } from "./state.ts";

export interface CustomerCall {
  at: number;
  url: string;
  requestId: string;
  /** The status they got, or the code of what went wrong instead. */
  outcome: number | string;
}

export const callAsCustomer = async (
  state: WorldState,
  wires: Wires,
  ca: string,
  customer: Customer,
): Promise<CustomerCall> => {
  const url = `${customer.apiUrl}/v1/models/${customer.modelId}/predict`;
  const requestId = uuid();
  const at = state.now();
  try {
    const answer = await sendRequest({
      wires,
      from: customer.addressAs,
      url,
      method: customer.request?.method ?? "POST",
      headers: {
        ...(customer.request?.headers ?? {
          authorization: `Bearer ${customer.apiKey}`,
          "content-type": "application/json",
        }),
        "x-request-id": requestId,
        "user-agent": "python-requests/2.32.3",
      },
      ...(customer.request?.method === undefined && {
        body: JSON.stringify({ inputs: customer.request?.inputs ?? exampleInputs }),
      }),
      timeoutMs: customer.timeoutMs,
      ca,
    });
    return { at, url, requestId, outcome: answer.status };
  } catch (error) {
    return { at, url, requestId, outcome: error instanceof DialError ? error.code : String(error) };
  }
};

/** Calls at the customer's rate until stopped; an answer that is waited for does not hold up stop(). */
export const startCustomers = (
  state: WorldState,
  wires: Wires,
  ca: string,
): { calls: CustomerCall[]; stop(): Promise<void> } => {
  const calls: CustomerCall[] = [];
  const closing = new AbortController();
  const live = async (customer: Customer): Promise<void> => {
    while (!closing.signal.aborted) {
      const pause = (60_000 / customer.perMinute) * (0.7 + 0.6 * Math.random());
      await sleep(pause, undefined, { signal: closing.signal }).catch(() => undefined);
      if (closing.signal.aborted) return;
      calls.push(await callAsCustomer(state, wires, ca, customer));
    }
  };
  const running = state.customers.map(live);
  return {
    calls,
    stop: async () => {
      closing.abort();
      await Promise.all(running);
    },
  };
};
