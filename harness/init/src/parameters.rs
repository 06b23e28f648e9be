//! Values for parameters and exports of other stacks that have none: right by type, and told as made up.
//! docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html

use regex_lite::Regex;
use source::{Finding, Node, Sources};

/// Codes of findings that a parameter needs a value.
const LACKS_VALUE: [&str; 2] = ["PARAMETER_WITHOUT_VALUE", "STORED_PARAMETER"];

/// Values by type, and by what a name has in it.
const BY_TYPE: &[(&str, &str)] = &[
    ("AvailabilityZone", "us-east-1a"),
    ("Image::Id", "ami-0123456789abcdef0"),
    ("Instance::Id", "i-0123456789abcdef0"),
    ("KeyPair", "example"),
    ("SecurityGroup::Id", "sg-0123456789abcdef0"),
    ("Subnet::Id", "subnet-0123456789abcdef0"),
    ("Volume::Id", "vol-0123456789abcdef0"),
    ("VPC::Id", "vpc-0123456789abcdef0"),
    ("HostedZone", "Z0123456789ABCDEFGHIJ"),
    ("Number", "1"),
];
const BY_NAME: &[(&str, &str)] = &[
    ("rolearn", "arn:aws:iam::123456789012:role/example"),
    ("bucketarn", "arn:aws:s3:::example-bucket"),
    ("topicarn", "arn:aws:sns:us-east-1:123456789012:example"),
    ("queuearn", "arn:aws:sqs:us-east-1:123456789012:example"),
    ("keyarn", "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"),
    ("arn", "arn:aws:iam::123456789012:role/example"),
    ("cidr", "10.0.0.0/16"),
    ("accountid", "123456789012"),
    ("account", "123456789012"),
    ("email", "somebody@example.com"),
    ("url", "https://example.com/"),
    ("domain", "example.com"),
    ("vpcid", "vpc-0123456789abcdef0"),
    ("subnet", "subnet-0123456789abcdef0"),
    ("securitygroup", "sg-0123456789abcdef0"),
    ("hostedzoneid", "Z0123456789ABCDEFGHIJ"),
    ("bucket", "example-bucket"),
    ("region", "us-east-1"),
    ("password", "Example0Password"),
];
/// So many values has a list: as many as a region has zones at most.
const SEVERAL: usize = 6;
/// What is tried where a pattern says what may be.
const OTHERS: &[&str] = &[
    "example",
    "Example1",
    "example-1",
    "example-bucket",
    "1",
    "10.0.0.0/16",
    "10.0.0.1",
    "123456789012",
    "1.0.0",
    "example.com",
    "https://example.com/",
    "somebody@example.com",
    "arn:aws:iam::123456789012:role/example",
    "us-east-1",
    "o-abcdefghij",
    "ou-ab12-abcdefgh",
    "r-ab12",
    "vpc-0123456789abcdef0",
    "subnet-0123456789abcdef0",
    "sg-0123456789abcdef0",
    "/example",
    "01234567-89ab-cdef-0123-456789abcdef",
    "0123456789abcdef",
    "A",
    "a",
    "true",
    "2026-01-01",
    "00:00",
    "example/example",
    "s3://example-bucket/example",
    "Example0Password!",
    "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
    "pcx-0123456789abcdef0",
    "d-0123456789",
    "igw-0123456789abcdef0",
    "rtb-0123456789abcdef0",
    "ami-0123456789abcdef0",
];

/// The parameters that findings say need a value, each with one.
pub(crate) fn made_up(sources: &Sources, findings: &[Finding]) -> Vec<(String, String)> {
    let mut lacking = findings.iter().filter(|finding| LACKS_VALUE.contains(&finding.code)).peekable();
    let template = lacking.peek().map(|finding| finding.span.file);
    let tree = template.and_then(|file| source::yaml::read(file, sources.get(file)?.text()).0);
    let declared = tree.as_ref().and_then(|tree| tree.get("Parameters"));
    let of = |finding: &Finding| {
        let name = String::from(finding.about.clone()?);
        let value = value(&name, declared?.get(&name)?)?;
        Some((name, value))
    };
    lacking.filter_map(of).collect()
}

/// The exports of other stacks that findings say are not known, each with a value.
pub(crate) fn imports(findings: &[Finding]) -> Vec<(String, String)> {
    let unknown = findings.iter().filter(|finding| finding.code == "UNKNOWN_EXPORT");
    let nothing = |finding: &Finding| Node::new(source::Value::Map(Vec::new()), finding.span);
    let of = |finding: &Finding| {
        let name = String::from(finding.about.clone()?);
        let one = value(&name, &nothing(finding))?;
        // A list is exported as one text, and split where it is imported.
        let is_list = ["subnets", "zones"].iter().any(|part| name.to_ascii_lowercase().contains(part));
        Some((name, if is_list { several(&one) } else { one }))
    };
    unknown.filter_map(of).collect()
}

/// A value that a parameter can have, as far as one is found.
fn value(name: &str, declared: &Node) -> Option<String> {
    if let Some(first) = declared.get("AllowedValues").and_then(|node| node.items().first()) {
        return first.text().map(str::to_owned);
    }
    let of_type = declared.get("Type").and_then(Node::text).unwrap_or("String");
    let pattern = declared.get("AllowedPattern").and_then(Node::text);
    let pattern = pattern.and_then(|pattern| Regex::new(&format!("^(?:{pattern})$")).ok());
    let bound = |key: &str| declared.get(key).and_then(Node::text).and_then(|text| text.parse::<f64>().ok());
    let (shortest, longest) = (bound("MinLength").unwrap_or(0.0), bound("MaxLength").unwrap_or(f64::MAX));
    if of_type == "Number" || of_type == "List<Number>" {
        return Some(
            bound("MinValue")
                .map_or_else(|| bound("MaxValue").map_or(1.0, |most| most.min(1.0)), |least| least.max(0.0))
                .to_string(),
        );
    }
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let by_type = BY_TYPE.iter().filter(|(part, _)| of_type.contains(part)).map(|(_, value)| *value);
    let by_name = BY_NAME.iter().filter(|(part, _)| plain.contains(part)).map(|(_, value)| *value);
    let fits = |text: &str| {
        let length = text.chars().count() as f64;
        shortest <= length && length <= longest && pattern.as_ref().is_none_or(|pattern| pattern.is_match(text))
    };
    let known = by_type.chain(by_name).chain(OTHERS.iter().copied()).map(str::to_owned);
    let filled = ["x", "1", "A"].map(|one| one.repeat(shortest.clamp(1.0, 128.0) as usize));
    let one = known.chain(filled).chain([String::new()]).find(|text| fits(text))?;
    let is_list = of_type.starts_with("List<") || of_type == "CommaDelimitedList";
    Some(if is_list && pattern.is_none() { several(&one) } else { one })
}

/// A list of values like one, since templates select from lists.
fn several(one: &str) -> String {
    let zone = one.strip_suffix('a').filter(|zone| zone.ends_with(|c: char| c.is_ascii_digit()));
    let nth = |number: usize| match (zone, one.strip_suffix('0'), one.strip_prefix("10.0.")) {
        (Some(zone), ..) => format!("{zone}{}", char::from(b'a' + number as u8)),
        (_, Some(start), None) => format!("{start}{number}"),
        (.., Some(rest)) => format!("10.{number}.{rest}"),
        _ if number == 0 => one.to_owned(),
        _ => format!("{one}{number}"),
    };
    (0..SEVERAL).map(nth).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use source::FileId;

    use super::*;

    #[test]
    fn a_value_is_right_by_type_pattern_and_length() {
        for (name, declared, made_up) in [
            ("Vpc", "{Type: 'AWS::EC2::VPC::Id'}", "vpc-0123456789abcdef0"),
            (
                "Subnets",
                "{Type: 'List<AWS::EC2::Subnet::Id>', AllowedPattern: 'subnet-.*'}",
                "subnet-0123456789abcdef0",
            ),
            ("Count", "{Type: Number, MinValue: 3}", "3"),
            ("Size", "{Type: Number}", "1"),
            (
                "Zones",
                "{Type: 'List<AWS::EC2::AvailabilityZone::Name>'}",
                "us-east-1a,us-east-1b,us-east-1c,us-east-1d,us-east-1e,us-east-1f",
            ),
            (
                "Cidrs",
                "{Type: CommaDelimitedList}",
                "10.0.0.0/16,10.1.0.0/16,10.2.0.0/16,10.3.0.0/16,10.4.0.0/16,10.5.0.0/16",
            ),
            ("Names", "{Type: CommaDelimitedList}", "example,example1,example2,example3,example4,example5"),
            ("Peering", "{Type: String, AllowedPattern: '^pcx-[0-9a-f]{17}$'}", "pcx-0123456789abcdef0"),
            ("Key", "{Type: String, AllowedPattern: '^$|^k-[0-9]{9}$'}", ""),
            ("Stage", "{Type: String, AllowedValues: [dev, prod]}", "dev"),
            ("VpcCidr", "{Type: String}", "10.0.0.0/16"),
            ("RoleArn", "{Type: String}", "arn:aws:iam::123456789012:role/example"),
            ("Any", "{Type: String}", "example"),
            ("Code", "{Type: String, AllowedPattern: '[0-9]{12}'}", "123456789012"),
            ("Long", "{Type: String, MinLength: 30, AllowedPattern: 'x+'}", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ] {
            let node = source::yaml::read(FileId(0), declared).0.unwrap();
            assert_eq!(value(name, &node).as_deref(), Some(made_up), "{name}");
        }
    }
}
