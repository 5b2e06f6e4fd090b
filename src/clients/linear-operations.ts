/** Our own named operations: one request each, only the fields that are used, explicit page sizes. */
const ticketFields = "id identifier url";

export const operations = {
  HokusaiTicket: `query HokusaiTicket($id: String!) { issue(id: $id) { ${ticketFields} } }`,
  HokusaiOpenTicket: `query HokusaiOpenTicket($text: String!) {
    issues(first: 1, orderBy: createdAt, filter: {
      description: { contains: $text }
      creator: { isMe: { eq: true } }
      state: { type: { nin: ["completed", "canceled"] } }
    }) { nodes { ${ticketFields} } }
  }`,
  HokusaiTeam: `query HokusaiTeam($filter: TeamFilter) { teams(first: 1, filter: $filter) { nodes { id key } } }`,
  HokusaiCreateTicket: `mutation HokusaiCreateTicket($input: IssueCreateInput!) {
    issueCreate(input: $input) { success issue { ${ticketFields} } }
  }`,
  HokusaiCreateComment: `mutation HokusaiCreateComment($input: CommentCreateInput!) {
    commentCreate(input: $input) { success comment { id } }
  }`,
  HokusaiUpdateComment: `mutation HokusaiUpdateComment($id: String!, $input: CommentUpdateInput!) {
    commentUpdate(id: $id, input: $input) { success comment { id } }
  }`,
  HokusaiAttach: `mutation HokusaiAttach($input: AttachmentCreateInput!) {
    attachmentCreate(input: $input) { success attachment { id } }
  }`,
} as const;

export type OperationName = keyof typeof operations;
