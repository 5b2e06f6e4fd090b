/** Somebody in the workspace. The token lets the sandbox act as them; the bot under test never has it. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly token: string;
}

export interface People {
  readonly oncall: Person;
  readonly cs: Person;
  /** In the workspace, in no user group. */
  readonly other: Person;
  readonly bot: Person;
}

export interface SeededChannel {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly hasBot: boolean;
}

export interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
}

export const TEAM = { id: "T000000001", domain: "hokusai-sandbox" } as const;
export const APP_ID = "A0HOKUSAI";
export const BOT_ID = "B0HOKUSAI";
export const BOT_USER_ID = "U0HOKUSAI";

/** Who is where: what decides whether a call may touch a channel. */
export interface Workspace {
  readonly people: People;
  readonly groups: readonly UserGroup[];
  channel(idOrName: string): SeededChannel | undefined;
  /** Throws when there is no such channel. */
  named(idOrName: string): SeededChannel;
  setBot(channelId: string, hasBot: boolean): void;
  /** What people see for the id of a user, channel or group: "ola"; the id itself when nothing has it. */
  readonly nameOf: (id: string) => string;
}

export function createWorkspace(people: People, seeded: readonly SeededChannel[]): Workspace {
  const channels = new Map(seeded.map((channel) => [channel.id, channel]));
  const everyone = Object.values(people) as readonly Person[];
  const groups: readonly UserGroup[] = [
    { id: "S0ONCALL", handle: "oncall", name: "On-call", users: [people.oncall.id] },
    {
      id: "S0SUCCESS",
      handle: "customer-success",
      name: "Customer success",
      users: [people.cs.id],
    },
  ];
  const channel = (wanted: string): SeededChannel | undefined => {
    const name = wanted.replace(/^#/, "");
    return channels.get(wanted) ?? [...channels.values()].find((each) => each.name === name);
  };
  return {
    people,
    groups,
    channel,
    named(wanted) {
      const found = channel(wanted);
      if (found === undefined) throw new Error(`the workspace has no channel ${wanted}`);
      return found;
    },
    setBot(channelId, hasBot) {
      const known = channels.get(channelId);
      if (known !== undefined) channels.set(channelId, { ...known, hasBot });
    },
    nameOf: (id) =>
      everyone.find((person) => person.id === id)?.name ??
      channels.get(id)?.name ??
      groups.find((group) => group.id === id)?.handle ??
      id,
  };
}
