//! The ARNs of what the policies of a stack are about, by what the template calls it: `Ref`, ARN, URL or name.

use std::collections::BTreeMap;

use crate::Inputs;
use crate::known_types::known_type;
use crate::resolve::{Resource, Stack};
use crate::resource::Properties;

/// By the type of the resource and by what it is called.
pub(crate) type Meant = BTreeMap<(&'static str, String), String>;

/// "Secrets Manager automatically adds a hyphen and six random characters after the secret name"; of a secret that the
/// stack does not make they are unknown.
/// docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html
pub(crate) const SIX: &str = "-??????";

/// Streams of a table: the time at which a stream was made ends its ARN.
pub(crate) const STREAM: &str = "/stream/*";

pub(crate) fn meant(stack: &Stack, inputs: &Inputs) -> Meant {
    let mut all = Meant::new();
    let mut add = |of_type: &'static str, called: &str| {
        all.extend(arn(stack, inputs, of_type, called).map(|arn| ((of_type, called.to_owned()), arn)));
    };
    for resource in &stack.resources {
        match &resource.properties {
            Properties::ResourcePolicy(policy) => policy.of.iter().for_each(|of| add(policy.of_type, &of.value)),
            Properties::BucketPolicy(policy) => add("AWS::S3::Bucket", &policy.bucket.value),
            _ => {}
        }
    }
    for table in stack.resources.iter().filter(|one| one.resource_type == "AWS::DynamoDB::Table") {
        let arn = table.arn.clone().unwrap_or_default();
        all.insert((STREAM, arn.clone()), arn + STREAM);
    }
    all
}

/// Only resources of the type are looked at: a queue and a bucket may have one name.
fn arn(stack: &Stack, inputs: &Inputs, of_type: &str, called: &str) -> Option<String> {
    if called.starts_with("arn:") {
        return Some(called.to_owned());
    }
    let is_it = |one: &&Resource| one.resource_type == of_type && one.physical_id == called;
    if let Some(found) = stack.resources.iter().find(is_it) {
        return found.arn.clone();
    }
    let Inputs { partition, region, account, .. } = inputs;
    match of_type {
        "AWS::SQS::Queue" => of_url(called),
        // "123456789012:function:my-function"
        // docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html
        "AWS::Lambda::Function" if called.contains(":function:") => {
            Some(format!("arn:{partition}:lambda:{region}:{called}"))
        }
        "AWS::S3::Bucket"
        | "AWS::Lambda::Function"
        | "AWS::Events::EventBus"
        | "AWS::SecretsManager::Secret"
        | "AWS::ECR::Repository"
        | "AWS::KMS::Key" => {
            let pattern = known_type(of_type)?.arn?;
            let known = [
                ("{partition}", &**partition),
                ("{region}", region),
                ("{account}", account),
                ("-{six}", SIX),
                ("{name}", called),
                ("{uuid}", called),
            ];
            Some(known.iter().fold(pattern.to_owned(), |arn, (field, value)| arn.replace(field, value)))
        }
        _ => None,
    }
}

/// `https://sqs.us-east-1.amazonaws.com/123456789012/jobs`
/// docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
fn of_url(url: &str) -> Option<String> {
    let (host, path) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?.split_once('/')?;
    let (account, name) = path.split_once('/')?;
    let region = region_of(host)?;
    let partition = Inputs::new(account, region, "").partition;
    Some(format!("arn:{partition}:sqs:{region}:{account}:{name}"))
}

/// The region of an endpoint of SQS, the FIPS, dual-stack and legacy ones included.
/// docs.aws.amazon.com/general/latest/gr/sqs-service.html
fn region_of(host: &str) -> Option<&str> {
    if let Some(legacy) = host.strip_suffix(".amazonaws.com") {
        match legacy.strip_suffix("queue") {
            Some("") => return Some("us-east-1"),
            Some(region) => return region.strip_suffix('.'),
            None => {}
        }
    }
    let (region, suffix) = ["sqs.", "sqs-fips."].iter().find_map(|start| host.strip_prefix(start))?.split_once('.')?;
    (suffix == "api.aws" || suffix == Inputs::new("", region, "").url_suffix).then_some(region)
}

/// Whether two ARNs are those of one resource; that of a secret may lack the six characters at its end, or not know them.
pub(crate) fn is_same(arn: &str, called: &str) -> bool {
    let is_secret = || arn.split(':').nth(2) == Some("secretsmanager");
    let name = called.strip_suffix(SIX).unwrap_or(called);
    arn == called || is_secret() && arn.strip_prefix(name).is_some_and(is_six)
}

/// `-AbCdEf`
pub(crate) fn is_six(end: &str) -> bool {
    end.len() == SIX.len()
        && end.strip_prefix('-').is_some_and(|six| six.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
