"""Makes the API models in this folder from botocore's: what each operation is, without prose.

    pip install botocore==1.44.8
    python regenerate.py

Same botocore, same bytes. A service has a line in SERVICES; to add one, add its name and run this again. Each operation
and each shape is a line of its own, so that a newer botocore shows up in a review as the lines that it changes.
"""
import gzip
import json
from pathlib import Path

import botocore

SERVICES = (
    "apigateway athena autoscaling backup batch cloudformation cloudwatch cognito-idp dynamodb ec2 ecr ecs eks"
    " elasticache elbv2 events firehose glue iam kinesis kms lambda logs opensearch organizations rds"
    " resourcegroupstaggingapi s3 s3control scheduler secretsmanager servicecatalog sns sqs ssm stepfunctions sts"
).split()

METADATA = (
    "apiVersion endpointPrefix jsonVersion protocol protocols serviceId signingName targetPrefix xmlNamespace"
    " awsQueryCompatible"
).split()
OPERATION = "http input output errors authtype auth deprecated httpChecksum httpChecksumRequired idempotent".split()
SHAPE = (
    "type members required member key value enum min max pattern exception error payload flattened sensitive"
    " union document event eventstream locationName xmlNamespace xmlOrder timestampFormat streaming"
).split()
MEMBER = (
    "shape location locationName queryName flattened xmlAttribute xmlNamespace streaming idempotencyToken hostLabel"
    " eventpayload timestampFormat"
).split()

# botocore's models have lost the root elements of S3's answers. Each is on the page of its operation:
# docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
ROOTS = {
    "CompleteMultipartUpload": "CompleteMultipartUploadResult",
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "CreateSession": "CreateSessionResult",
    "DeleteObjects": "DeleteResult",
    "GetBucketAccelerateConfiguration": "AccelerateConfiguration",
    "GetBucketAcl": "AccessControlPolicy",
    "GetBucketCors": "CORSConfiguration",
    "GetBucketLifecycle": "LifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
    "GetBucketLocation": "LocationConstraint",
    "GetBucketLogging": "BucketLoggingStatus",
    "GetBucketNotification": "NotificationConfiguration",
    "GetBucketNotificationConfiguration": "NotificationConfiguration",
    "GetBucketRequestPayment": "RequestPaymentConfiguration",
    "GetBucketTagging": "Tagging",
    "GetBucketVersioning": "VersioningConfiguration",
    "GetBucketWebsite": "WebsiteConfiguration",
    "GetObjectAcl": "AccessControlPolicy",
    "GetObjectAttributes": "GetObjectAttributesResponse",
    "GetObjectTagging": "Tagging",
    "ListBucketAnalyticsConfigurations": "ListBucketAnalyticsConfigurationResult",
    "ListBucketIntelligentTieringConfigurations": "ListBucketIntelligentTieringConfigurationsResult",
    "ListBucketInventoryConfigurations": "ListInventoryConfigurationsResult",
    "ListBucketMetricsConfigurations": "ListMetricsConfigurationsResult",
    "ListBuckets": "ListAllMyBucketsResult",
    "ListDirectoryBuckets": "ListAllMyDirectoryBucketsResult",
    "ListMultipartUploads": "ListMultipartUploadsResult",
    "ListObjectVersions": "ListVersionsResult",
    "ListObjects": "ListBucketResult",
    "ListObjectsV2": "ListBucketResult",
    "ListParts": "ListPartsResult",
}

# S3 gives `Expires` back as it was stored, a date or not; the SDKs read it as text too.
TEXTS = {("s3", "Expires")}


def kept(source, names):
    return {name: source[name] for name in names if name in source}


def operation(service, name, source):
    line = kept(source, OPERATION)
    for side in ("input", "output"):
        if side in line:
            names = ["shape", "resultWrapper", "locationName", "xmlNamespace"]
            line[side] = kept(line[side], names)
    if service == "s3" and name in ROOTS:
        line["output"]["locationName"] = ROOTS[name]
    if "errors" in line:
        line["errors"] = [error["shape"] for error in line["errors"]]
    return line


def shape(service, name, source):
    line = kept(source, SHAPE)
    if (service, name) in TEXTS:
        line["type"] = "string"
    for name in ("member", "key", "value"):
        if name in line:
            line[name] = kept(line[name], MEMBER)
    if "members" in line:
        line["members"] = {name: kept(member, MEMBER) for name, member in line["members"].items()}
    return line


def lines(members):
    text = ",\n".join(f"{json.dumps(name)}:{json.dumps(value, separators=(',', ':'))}" for name, value in members)
    return f"{{\n{text}\n}}"


def model(name):
    """The newest model, as AWS publishes it: botocore's loader would add members that only botocore has."""
    folders = (Path(botocore.__file__).parent / "data" / name).iterdir()
    newest = max(folder for folder in folders if (folder / "service-2.json.gz").is_file())
    return json.loads(gzip.decompress((newest / "service-2.json.gz").read_bytes()))


def main():
    here = Path(__file__).parent
    for name in SERVICES:
        source = model(name)
        metadata = json.dumps(kept(source["metadata"], METADATA), separators=(",", ":"))
        operations = lines((one, operation(name, one, source["operations"][one])) for one in sorted(source["operations"]))
        shapes = lines((one, shape(name, one, source["shapes"][one])) for one in sorted(source["shapes"]))
        text = f'{{"metadata":{metadata},\n"operations":{operations},\n"shapes":{shapes}}}\n'
        (here / f"{name}.json").write_text(text, encoding="utf-8")
    print(f"{len(SERVICES)} models of botocore {botocore.__version__}")


if __name__ == "__main__":
    main()
