//! Patterns of values that AWS gives: text with fields in braces.
//!
//! `{partition}`, `{region}`, `{account}` and `{suffix}` are the stack's; `{name}`, `{ref}` and `{arn}` the resource's own. A
//! field with a capital is a property of the resource. The others are ids, of which AWS gives each resource one of its own:
//! here they follow from the stack's name and the logical id.

use crate::inputs::Inputs;
use crate::names;

/// Ids of so many characters, as in `{hex:17}`: what they are made of.
const ALPHABETS: &[(&str, &str)] = &[
    ("digits", "1234567890"),
    ("hex", "0123456789abcdef"),
    ("letters", "ABCDEFGHIJKLMNOPqrstuvwxyz234567"),
    ("lower", "abcdefghijklmnopqrstuvwxyz234567"),
    ("upper", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
];

/// The fields of a pattern, without the braces.
#[cfg(test)]
pub(crate) fn fields(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(field, _)| field)
}

/// The id that a field stands for; `None` if it stands for none.
pub(crate) fn id(field: &str, stack: &str, logical_id: &str) -> Option<String> {
    match field {
        "uuid" => Some(names::uuid_of(stack, logical_id)),
        "six" => Some(names::six(stack, logical_id)),
        "octet" => Some(names::octet(stack, logical_id).to_string()),
        _ => {
            let (kind, length) = field.split_once(':')?;
            let (_, alphabet) = ALPHABETS.iter().find(|(name, _)| *name == kind)?;
            Some(names::id(alphabet, length.parse().ok()?, &[field, stack, logical_id]))
        }
    }
}

/// A value in AWS's shape for something of which nothing is known but its name: an ARN for the parameter `RoleArn`, an id for
/// `PrivateSubnet1`. `None`: the name tells nothing.
#[must_use]
pub fn likely(name: &str, inputs: &Inputs) -> Option<String> {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.trim_end_matches(|c: char| c.is_ascii_digit());
    let one = plain.strip_suffix('s').unwrap_or(plain);
    let pattern = by_name(plain).or_else(|| by_name(one)).or_else(|| within(plain))?;
    // An ARN of no service that the name tells may be asked for as a principal.
    let pattern = match pattern {
        _ if pattern.contains("{service}") => "arn:{partition}:iam::{account}:role/{name}",
        // A policy is attached only if it exists: AWS's own do. As a boundary this one takes nothing away.
        POLICY if plain.to_ascii_lowercase().contains("boundary") => {
            "arn:{partition}:iam::aws:policy/AdministratorAccess"
        }
        POLICY => "arn:{partition}:iam::aws:policy/IAMUserChangePassword",
        other => other,
    };
    let mut text = String::new();
    let mut rest = pattern;
    while let Some((before, (field, after))) =
        rest.split_once('{').and_then(|(b, rest)| Some((b, rest.split_once('}')?)))
    {
        text.push_str(before);
        text.push_str(&of_inputs(field, name, inputs));
        rest = after;
    }
    Some(text + rest)
}

fn of_inputs(field: &str, name: &str, inputs: &Inputs) -> String {
    match field {
        "partition" => inputs.partition.clone(),
        "region" => inputs.region.clone(),
        "account" => inputs.account.clone(),
        "suffix" => inputs.url_suffix.clone(),
        _ => id(field, &inputs.stack_name, name).unwrap_or_else(|| names::dashed(name, LONGEST)),
    }
}

const POLICY: &str = "arn:{partition}:iam::{account}:policy/{name}";
/// Names that are put together of others have their limits too.
const LONGEST: usize = 20;

/// The longest end of a name that stands anywhere in another, so long that it does so by no accident.
fn within(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let rows = BY_NAME.iter().filter(|(end, _)| end.len() >= 5 && lower.contains(&end.to_ascii_lowercase()));
    rows.max_by_key(|(end, _)| end.len()).map(|(_, pattern)| *pattern)
}

/// What an attribute gives of which nothing is known but its name: `Outputs.VpcId` of a nested stack.
pub(crate) fn by_name(attribute: &str) -> Option<&'static str> {
    let has = |end: &&(&str, &str)| {
        let start = attribute.len().checked_sub(end.0.len());
        start.and_then(|start| attribute.get(start..)).is_some_and(|found| found.eq_ignore_ascii_case(end.0))
    };
    BY_NAME.iter().find(has).map(|(_, pattern)| *pattern)
}

/// How the names of attributes end, the longer before the shorter, and what such an attribute gives.
#[rustfmt::skip]
const BY_NAME: &[(&str, &str)] = &[
    ("InstanceProfileArn", "arn:{partition}:iam::{account}:instance-profile/{name}"),
    ("RoleArn", "arn:{partition}:iam::{account}:role/{name}"),
    ("UserArn", "arn:{partition}:iam::{account}:user/{name}"),
    ("PolicyArn", POLICY),
    ("PermissionsBoundary", POLICY),
    ("BucketArn", "arn:{partition}:s3:::{lower-name}"),
    ("QueueArn", "arn:{partition}:sqs:{region}:{account}:{name}"),
    ("TopicArn", "arn:{partition}:sns:{region}:{account}:{name}"),
    ("TableArn", "arn:{partition}:dynamodb:{region}:{account}:table/{name}"),
    ("StreamArn", "arn:{partition}:kinesis:{region}:{account}:stream/{name}"),
    ("FunctionArn", "arn:{partition}:lambda:{region}:{account}:function:{name}"),
    ("LambdaArn", "arn:{partition}:lambda:{region}:{account}:function:{name}"),
    ("KeyArn", "arn:{partition}:kms:{region}:{account}:key/{uuid}"),
    ("SecretArn", "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{six}"),
    ("CertificateArn", "arn:{partition}:acm:{region}:{account}:certificate/{uuid}"),
    ("StateMachineArn", "arn:{partition}:states:{region}:{account}:stateMachine:{name}"),
    ("RepositoryArn", "arn:{partition}:ecr:{region}:{account}:repository/{lower-name}"),
    ("LogGroupArn", "arn:{partition}:logs:{region}:{account}:log-group:{name}"),
    ("EventBusArn", "arn:{partition}:events:{region}:{account}:event-bus/{name}"),
    ("FileSystemArn", "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/fs-{hex:17}"),
    ("UserPoolArn", "arn:{partition}:cognito-idp:{region}:{account}:userpool/{region}_{letters:9}"),
    ("Arn", "arn:{partition}:{service}:{region}:{account}:{name}"),
    ("BucketName", "{lower-name}"),
    ("Bucket", "{lower-name}"),
    ("DomainName", "{lower:10}.{region}.{suffix}"),
    ("DnsName", "{lower:10}.{region}.{suffix}"),
    ("Name", "{name}"),
    ("AccountId", "{account}"),
    ("Account", "{account}"),
    ("OwnerId", "{account}"),
    ("VpcEndpointId", "vpce-{hex:17}"),
    ("VpcId", "vpc-{hex:17}"),
    ("Vpc", "vpc-{hex:17}"),
    ("SubnetId", "subnet-{hex:17}"),
    ("Subnet", "subnet-{hex:17}"),
    ("SecurityGroupId", "sg-{hex:17}"),
    ("SecurityGroup", "sg-{hex:17}"),
    ("NatGatewayId", "nat-{hex:17}"),
    ("InternetGatewayId", "igw-{hex:17}"),
    ("RouteTableId", "rtb-{hex:17}"),
    ("NetworkAcl", "acl-{hex:17}"),
    ("NetworkInterfaceId", "eni-{hex:17}"),
    ("InstanceId", "i-{hex:17}"),
    ("VolumeId", "vol-{hex:17}"),
    ("ImageId", "ami-{hex:17}"),
    ("FileSystemId", "fs-{hex:17}"),
    ("AccessPointId", "fsap-{hex:17}"),
    ("HostedZoneId", "Z{upper:19}"),
    ("UserPoolId", "{region}_{letters:9}"),
    ("IdentityPoolId", "{region}:{uuid}"),
    ("ClientId", "{lower:26}"),
    ("ApiId", "{lower:10}"),
    ("OrganizationId", "o-{lower:10}"),
    ("OrgId", "o-{lower:10}"),
    ("OrganizationalUnitId", "ou-{hex:4}-{hex:8}"),
    ("OuId", "ou-{hex:4}-{hex:8}"),
    ("KeyId", "{uuid}"),
    ("Ipv6CidrBlock", "2001:db8::/56"),
    ("Ipv6CidrBlocks", "2001:db8::/56"),
    ("CidrBlock", "10.203.0.0/16"),
    ("Cidr", "10.203.0.0/16"),
    ("IpAddress", "10.203.0.{octet}"),
    ("IpAddresses", "10.203.0.{octet}"),
    ("PublicIp", "203.0.113.{octet}"),
    ("PrivateIp", "10.203.0.{octet}"),
    ("AvailabilityZone", "{region}a"),
    ("Region", "{region}"),
    ("Port", "443"),
    ("Url", "https://{lower:10}.{region}.{suffix}"),
    ("Uri", "https://{lower:10}.{region}.{suffix}"),
    ("Endpoint", "{lower:10}.{region}.{suffix}"),
    ("EmailAddress", "somebody@example.com"),
    ("Email", "somebody@example.com"),
    ("Password", "Example0Password"),
    ("Address", "{lower:10}.{region}.{suffix}"),
    ("Date", "2026-01-01T00:00:00Z"),
    ("Time", "2026-01-01T00:00:00Z"),
    ("CreatedAt", "2026-01-01T00:00:00Z"),
    ("UpdatedAt", "2026-01-01T00:00:00Z"),
    ("Version", "1"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_what_an_attribute_gives() {
        for (attribute, pattern) in [
            ("Outputs.HandlerRoleArn", Some("arn:{partition}:iam::{account}:role/{name}")),
            ("Outputs.handlerrolearn", Some("arn:{partition}:iam::{account}:role/{name}")),
            ("AnythingARN", Some("arn:{partition}:{service}:{region}:{account}:{name}")),
            ("Endpoint.Address", Some("{lower:10}.{region}.{suffix}")),
            ("Outputs.VpcEndpointId", Some("vpce-{hex:17}")),
            ("Outputs.Größe", None),
            ("", None),
        ] {
            assert_eq!(by_name(attribute), pattern, "{attribute}");
        }
    }

    #[test]
    fn a_name_tells_a_likely_value() {
        let inputs = Inputs::new("123456789012", "us-east-1", "stack");
        let of = |name: &str| likely(name, &inputs).unwrap_or_default();
        assert_eq!(of("TaskRoleArn"), "arn:aws:iam::123456789012:role/task-role-arn");
        assert_eq!(of("SourceBucketName"), "source-bucket-name");
        assert!(of("PrivateSubnet1").starts_with("subnet-") && of("PrivateSubnetIDs").starts_with("subnet-"));
        assert_ne!(of("PrivateSubnet1"), of("PrivateSubnet2"));
        assert_eq!(of("VPCCIDRBlock"), "10.203.0.0/16");
        assert_eq!(of("BucketForLogs"), "bucket-for-logs");
        assert_eq!(of("PermissionsBoundary"), "arn:aws:iam::aws:policy/AdministratorAccess");
        assert_eq!(of("Stage"), "");
    }

    /// A shorter end before a longer one would hide it.
    #[test]
    fn no_row_hides_another() {
        for (at, (end, pattern)) in BY_NAME.iter().enumerate() {
            assert_eq!(by_name(end), Some(*pattern), "row {at}: {end}");
        }
    }

    #[test]
    fn an_id_has_its_alphabet_and_length() {
        let hex = id("hex:17", "web", "Vpc").unwrap();
        assert!(hex.len() == 17 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()), "{hex}");
        assert_eq!(id("hex:17", "web", "Vpc").unwrap(), hex);
        assert_ne!(id("hex:17", "web", "Other").unwrap(), hex);
        assert_eq!(id("name", "web", "Vpc"), None);
        assert_eq!(id("hex:", "web", "Vpc"), None);
    }
}
