import { accessLogBucketName } from "../world/initial/balancers.ts";
import { appendTrail } from "../world/state.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const accessLogBucketGone: Fault = {
  id: "access-log-bucket-gone",
  title: "The bucket that the load balancer writes its access log to was deleted",
  system: "ALB",
  ...undoable((world) => {
    const bucket = world.s3.buckets.find((one) => one.name === accessLogBucketName);
    if (bucket === undefined) return null;
    world.s3.buckets = world.s3.buckets.filter((one) => one !== bucket);
    appendTrail(world, {
      eventName: "DeleteBucket",
      eventSource: "s3.amazonaws.com",
      username: "cost-saver",
      resources: [{ resourceType: "AWS::S3::Bucket", resourceName: bucket.name }],
      requestParameters: { bucketName: bucket.name },
    });
    return () => void world.s3.buckets.push(bucket);
  }),
};
