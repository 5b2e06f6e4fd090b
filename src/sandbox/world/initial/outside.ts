/** What surrounds AWS before anything goes wrong: dependencies, names, certificates, the page, the customer. */
import type { DnsRecord, WorldState } from "../state.ts";
import { certificateArns, publicAddresses } from "./balancers.ts";
import { dataAddresses } from "./network.ts";
import { secretValues } from "./services.ts";

const day = 86_400_000;
const running = { mode: "running", delayMs: 0 } as const;

/** The ten fields of the integration plan; invented values. */
export const exampleInputs = {
  company_size: 1000,
  industry: "Technology",
  engagement_score: 75,
  website_visits: 10,
  email_opens: 5,
  content_downloads: 3,
  demo_requested: true,
  budget_confirmed: false,
  decision_timeline: "Q2 2025",
  title: "VP of Engineering",
} as const;

export const keys = {
  probe: "hk_test_probe_0000000000000021",
  customer: "hk_live_gtm_00000000000000000021",
  internal: "hk_live_all_00000000000000000099",
} as const;

export const hubRepository = "timogilvie/hokusai-model-21-sales-lead-scorer";

/** Public hosts that are not behind our load balancers, with their address. */
export const hostAddresses = {
  "auth.hokus.ai": "30.217.33.10",
  "hokus.ai": "30.226.45.101",
  "huggingface.co": "30.164.174.23",
} as const;

/** What AWS itself answers on; a task asks these before its program runs. */
export const awsHosts = {
  registry: "api.ecr.us-east-1.amazonaws.com",
  images: "123456789012.dkr.ecr.us-east-1.amazonaws.com",
  layers: "prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com",
  secrets: "secretsmanager.us-east-1.amazonaws.com",
  logs: "logs.us-east-1.amazonaws.com",
} as const;
const awsAddresses: Readonly<Record<keyof typeof awsHosts, string>> = {
  registry: "30.216.1.10",
  images: "30.216.1.20",
  // In the ranges of the prefix list of S3.
  layers: "30.216.128.10",
  secrets: "30.216.1.30",
  logs: "30.216.1.40",
};

const balancerNames = {
  main: "hokusai-main-development-1841273995.us-east-1.elb.amazonaws.com",
  data: "hokusai-dp-development-662041877.us-east-1.elb.amazonaws.com",
} as const;

const records = (): DnsRecord[] => [
  { name: "api.hokus.ai", type: "CNAME", target: balancerNames.main, ttl: 300 },
  { name: "registry.hokus.ai", type: "CNAME", target: balancerNames.data, ttl: 300 },
  { name: "www.hokus.ai", type: "CNAME", target: "hokus.ai", ttl: 300 },
  ...(["main", "data"] as const).flatMap((key) =>
    publicAddresses[key].map((address): DnsRecord => ({
      name: balancerNames[key],
      type: "A",
      address,
      ttl: 60,
    })),
  ),
  ...Object.entries(hostAddresses).map(([name, address]): DnsRecord => ({
    name,
    type: "A",
    address,
    ttl: 300,
  })),
  ...(["registry", "images", "layers", "secrets", "logs"] as const).map((key): DnsRecord => ({
    name: awsHosts[key],
    type: "A",
    address: awsAddresses[key],
    ttl: 60,
  })),
  { name: "redis.hokusai-development.local", type: "A", address: dataAddresses.redis, ttl: 60 },
  {
    name: "database.hokusai-development.local",
    type: "A",
    address: dataAddresses.database,
    ttl: 60,
  },
];

type Outside = Pick<
  WorldState,
  | "auth"
  | "redis"
  | "hub"
  | "database"
  | "registry"
  | "website"
  | "dns"
  | "firewall"
  | "certificates"
  | "customers"
  | "cloudMap"
>;

export const initialOutside = (now: number, discoveryServiceArn: string): Outside => ({
  auth: {
    ...running,
    keys: [
      { key: keys.probe, owner: "hokusai-bot", scopes: ["model:21"], expiresAt: null },
      {
        key: keys.customer,
        owner: "gtm-backend",
        scopes: ["model:21"],
        expiresAt: now + 300 * day,
      },
      { key: keys.internal, owner: "internal", scopes: ["model:*"], expiresAt: null },
    ],
  },
  redis: { ...running, password: secretValues.redis, maxMemoryBytes: 268_435_456, full: false },
  hub: {
    ...running,
    tokens: [
      { token: secretValues.huggingface, user: "timogilvie", repositories: [hubRepository] },
    ],
    repositories: [
      {
        name: hubRepository,
        private: true,
        sha: "4f1c9a7d2be84d4c9a63c41c8f0e5d7b6a3e2f10",
        files: ["README.md", "config.json", "model.joblib"],
      },
    ],
  },
  database: {
    ...running,
    user: "hokusai",
    password: secretValues.database,
    name: "hokusai",
    deployedModels: [
      {
        id: "5b0c7c0e-9d1f-4a35-8c52-2f6a1d3e9021",
        modelId: "21",
        status: "deployed",
        createdAt: now - 71 * day,
      },
      {
        id: "c81f3a77-0f4e-4b8e-9a0d-6d2b5e7f0020",
        modelId: "20",
        status: "deployed",
        createdAt: now - 160 * day,
      },
      {
        id: "a2d94f16-64a7-4a0b-b1a8-7c5c90cf0022",
        modelId: "22",
        status: "deployed",
        createdAt: now - 40 * day,
      },
    ],
  },
  registry: {
    ...running,
    token: secretValues.registry,
    models: [
      {
        name: "sales-lead-scoring-v2",
        description: "LSCOR, Sales Lead Scoring v2",
        createdAt: now - 75 * day,
        versions: [
          {
            version: "1",
            stage: "Archived",
            status: "READY",
            runId: "9f0e",
            createdAt: now - 75 * day,
          },
          {
            version: "2",
            stage: "Production",
            status: "READY",
            runId: "b71c",
            createdAt: now - 72 * day,
          },
        ],
      },
    ],
  },
  website: {
    ...running,
    pages: [
      {
        modelId: "21",
        name: "Sales Lead Scoring v2",
        baseUrl: "https://api.hokus.ai/api",
        path: "/v1/models/21/predict",
        method: "POST",
        header: "Authorization: Bearer hk_your_api_key",
        fields: { ...exampleInputs },
      },
    ],
  },
  dns: { records: records(), failing: [] },
  firewall: { blocks: [] },
  certificates: [
    {
      arn: certificateArns.main,
      names: ["api.hokus.ai"],
      notBefore: now - 60 * day,
      notAfter: now + 335 * day,
      trusted: true,
    },
    {
      arn: certificateArns.data,
      names: ["registry.hokus.ai"],
      notBefore: now - 60 * day,
      notAfter: now + 335 * day,
      trusted: true,
    },
    ...(["redis", "database"] as const).map((one) => ({
      arn: `data:${one}`,
      names: [`${one}.hokusai-development.local`],
      notBefore: now - 30 * day,
      notAfter: now + 335 * day,
      trusted: true,
    })),
    ...[["auth.hokus.ai"], ["hokus.ai", "www.hokus.ai"], ["huggingface.co"]].map((names) => ({
      arn: `external:${names[0] ?? ""}`,
      names,
      notBefore: now - 30 * day,
      notAfter: now + 60 * day,
      trusted: true,
    })),
  ],
  customers: [
    {
      name: "gtm-backend",
      apiUrl: "https://api.hokus.ai/api",
      apiKey: keys.customer,
      modelId: "21",
      timeoutMs: 10_000,
      perMinute: 2,
      addressAs: "30.110.61.9",
    },
  ],
  cloudMap: {
    namespaces: [
      {
        id: "ns-hokusaidev00001",
        arn: "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-hokusaidev00001",
        name: "hokusai-development.local",
        type: "DNS_PRIVATE",
        vpcId: "vpc-0c5a1f6e2b7d84390",
        hostedZoneId: "Z04417732HOKUSAIDEV1",
      },
    ],
    services: [
      {
        id: "srv-hokusaiapi0001",
        arn: discoveryServiceArn,
        name: "api",
        namespaceId: "ns-hokusaidev00001",
        dnsRecords: [{ type: "A", ttl: 10 }],
        instances: [],
      },
    ],
  },
});
