/** Lines in the layout of the vendor's guide ("Access log entries"), with a caller who must not be kept. */
export interface Change {
  readonly time?: string;
  readonly client?: string;
  readonly target?: string;
  readonly seconds?: string;
  readonly status?: number;
  readonly targetStatus?: number | string;
  readonly method?: string;
  readonly url?: string;
  readonly request?: string;
  readonly userAgent?: string;
  readonly actions?: string;
  readonly reason?: string;
  readonly more?: string;
}

const url = "https://api.hokus.ai:443/api/v1/models/21/predict";

export const line = (change: Change = {}): string => {
  const {
    time = "2026-11-21T02:51:10.186641Z",
    client = "198.51.100.77:2817",
    target = "10.0.4.31:8001",
    seconds = "0.048",
    status = 200,
    targetStatus = typeof change.status === "number" ? change.status : 200,
    method = "POST",
    request = `${method} ${change.url ?? url} HTTP/1.1`,
    userAgent = "python-requests/2.32.3",
    actions = "forward",
    reason = "-",
    more = "",
  } = change;
  return (
    `https ${time} app/main/50dc6c495c0c9188 ${client} ${target} 0.001 ${seconds} 0.000 ${status} ${targetStatus} 912 57 ` +
    `"${request}" "${userAgent}" TLS_AES_128_GCM_SHA256 TLSv1.3 ` +
    `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/api/73e2d6bc24d8a067 ` +
    `"Root=1-58337281-1d84f3d73c47ec4e58577259" "api.hokus.ai" "arn:aws:acm:us-east-1:123456789012:certificate/1" ` +
    `20 2026-11-21T02:51:10.136000Z "${actions}" "-" "${reason}" "${target}" "${targetStatus}" "-" "-" ` +
    `TID_1234abcd5678ef90${more}`
  );
};
