/** Faults of what AWS runs and keeps: services, tasks, load balancers, networks, names, the catalogue of them. */
import { accessLogBucketGone } from "./access-log-bucket-gone.ts";
import { aclEphemeralIn } from "./acl-ephemeral-in.ts";
import { aclEphemeralOut } from "./acl-ephemeral-out.ts";
import { aclInbound } from "./acl-inbound.ts";
import { aclOneZone } from "./acl-one-zone.ts";
import { capacityUnavailable } from "./capacity-unavailable.ts";
import { catalogueDrift } from "./catalogue-drift.ts";
import { cpuSaturated } from "./cpu-saturated.ts";
import { dataEgressRevoked } from "./data-egress-revoked.ts";
import { discoveryEmpty } from "./discovery-empty.ts";
import { discoveryStale } from "./discovery-stale.ts";
import { endpointBlocked } from "./endpoint-blocked.ts";
import { endpointMissing } from "./endpoint-missing.ts";
import { dnsElsewhere } from "./dns-elsewhere.ts";
import { dnsOtherBalancer } from "./dns-other-balancer.ts";
import { failOpen } from "./fail-open.ts";
import type { Fault } from "./fault.ts";
import { healthCheckImpatient } from "./health-check-impatient.ts";
import { hostMaintenance } from "./host-maintenance.ts";
import { imagePullSlow, imagePullStalls } from "./image-pull-stalls.ts";
import { imageDeleted } from "./image-deleted.ts";
import { imageTagMoved } from "./image-tag-moved.ts";
import { imageTagShared } from "./image-tag-shared.ts";
import { secretLost } from "./secret-lost.ts";
import { loadBalancerPort } from "./load-balancer-port.ts";
import { listenerDeleted } from "./listener-deleted.ts";
import { logGroupDeleted } from "./log-group-deleted.ts";
import { memorySaturated } from "./memory-saturated.ts";
import { natDeleted } from "./nat-deleted.ts";
import { outOfMemory } from "./out-of-memory.ts";
import { processFaults } from "./process.ts";
import { peeringDeleted } from "./peering-deleted.ts";
import { prefixListEmptied } from "./prefix-list-emptied.ts";
import { releaseFailed } from "./release-failed.ts";
import { releaseJustNow } from "./release-just-now.ts";
import { loginBeforeApi } from "./login-before-api.ts";
import { ruleDeleted } from "./rule-deleted.ts";
import { ruleHeaderCanary } from "./rule-header-canary.ts";
import { ruleRedirects } from "./rule-redirects.ts";
import { ruleRegexShadows } from "./rule-regex-shadows.ts";
import { ruleRewritesPath } from "./rule-rewrites-path.ts";
import { ruleSourceAddress } from "./rule-source-address.ts";
import { ruleWantsHeader } from "./rule-wants-header.ts";
import { serviceDeleted } from "./service-deleted.ts";
import { serviceUnlinked } from "./service-unlinked.ts";
import { sigtermIgnored } from "./sigterm-ignored.ts";
import { slowAnswers, slowForHours } from "./slow-answers.ts";
import { spotInterruption } from "./spot-interruption.ts";
import { subnetFilling } from "./subnet-filling.ts";
import { subnetFull } from "./subnet-full.ts";
import { targetDeregistered } from "./target-deregistered.ts";
import { targetStale } from "./target-stale.ts";
import { dnsHostnamesOff, dnsSupportOff } from "./vpc-dns.ts";
import { weightZero } from "./weight-zero.ts";

export const awsFaults: readonly Fault[] = [
  serviceDeleted,
  releaseFailed,
  releaseJustNow,
  serviceUnlinked,
  outOfMemory,
  ...processFaults,
  sigtermIgnored,
  capacityUnavailable,
  spotInterruption,
  hostMaintenance,
  imagePullStalls,
  imagePullSlow,
  logGroupDeleted,
  ruleDeleted,
  weightZero,
  ruleRedirects,
  ruleRegexShadows,
  ruleRewritesPath,
  ruleSourceAddress,
  ruleWantsHeader,
  ruleHeaderCanary,
  loginBeforeApi,
  listenerDeleted,
  accessLogBucketGone,
  failOpen,
  healthCheckImpatient,
  targetStale,
  targetDeregistered,
  aclInbound,
  aclEphemeralOut,
  aclEphemeralIn,
  aclOneZone,
  natDeleted,
  peeringDeleted,
  dataEgressRevoked,
  subnetFull,
  subnetFilling,
  endpointMissing,
  endpointBlocked,
  prefixListEmptied,
  dnsSupportOff,
  dnsHostnamesOff,
  discoveryStale,
  discoveryEmpty,
  dnsElsewhere,
  dnsOtherBalancer,
  catalogueDrift,
  cpuSaturated,
  memorySaturated,
  slowAnswers,
  slowForHours,
  imageDeleted,
  imageTagMoved,
  imageTagShared,
  secretLost,
  loadBalancerPort,
];
