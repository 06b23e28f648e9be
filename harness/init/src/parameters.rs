//! Values for parameters and exports of other stacks that have none: right by type, and told as made up.
//! docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html

use regex_lite::Regex;
use source::{Finding, Node, Sources};
use template::{Inputs, PARAMETER_WITHOUT_VALUE, STORED_PARAMETER};

use crate::sample;

/// Codes of findings that a parameter needs a value.
const LACKS_VALUE: [&str; 2] = [PARAMETER_WITHOUT_VALUE, STORED_PARAMETER];

/// So many values has a list: as many as a region has zones at most.
const SEVERAL: usize = 6;
/// Where nothing tells what a value is.
const PLAIN: &str = "example";

/// The parameters that findings say need a value, each with one.
pub(crate) fn made_up(inputs: &Inputs, sources: &Sources, findings: &[Finding]) -> Vec<(String, String)> {
    let mut lacking = findings.iter().filter(|finding| LACKS_VALUE.contains(&finding.code)).peekable();
    let template = lacking.peek().map(|finding| finding.span.file);
    let tree = template.and_then(|file| source::yaml::read(file, sources.get(file)?.text()).0);
    let declared = tree.as_ref().and_then(|tree| tree.get("Parameters"));
    let of = |finding: &Finding| {
        let name = String::from(finding.about.clone()?);
        let value = value(inputs, &name, declared?.get(&name)?)?;
        Some((name, value))
    };
    lacking.filter_map(of).collect()
}

/// The exports of other stacks that findings say are not known, each with a value.
pub(crate) fn imports(inputs: &Inputs, findings: &[Finding]) -> Vec<(String, String)> {
    let unknown = findings.iter().filter(|finding| finding.code == "UNKNOWN_EXPORT");
    let nothing = |finding: &Finding| Node::new(source::Value::Map(Vec::new()), finding.span);
    let of = |finding: &Finding| {
        let name = String::from(finding.about.clone()?);
        let one = value(inputs, &name, &nothing(finding))?;
        // A list is exported as one text, and split where it is imported.
        let is_list = ["subnets", "zones"].iter().any(|part| name.to_ascii_lowercase().contains(part));
        Some((name.clone(), if is_list { several(inputs, &name, &one, |_| true) } else { one }))
    };
    unknown.filter_map(of).collect()
}

/// A value that a parameter can have, as far as one is found.
fn value(inputs: &Inputs, name: &str, declared: &Node) -> Option<String> {
    if let Some(first) = declared.get("AllowedValues").and_then(|node| node.items().first()) {
        return first.text().map(str::to_owned);
    }
    let of_type = declared.get("Type").and_then(Node::text).unwrap_or("String");
    let bound = |key: &str| declared.get(key).and_then(Node::text).and_then(|text| text.parse::<f64>().ok());
    if of_type == "Number" || of_type == "List<Number>" {
        let least = bound("MinValue").map(|least| least.max(0.0));
        return Some(least.unwrap_or_else(|| bound("MaxValue").map_or(1.0, |most| most.min(1.0))).to_string());
    }
    let (shortest, longest) = (bound("MinLength").unwrap_or(0.0), bound("MaxLength").unwrap_or(f64::MAX));
    let written = declared.get("AllowedPattern").and_then(Node::text);
    let pattern = written.and_then(|pattern| Regex::new(&format!("^(?:{pattern})$")).ok());
    let fits = |text: &str| {
        let length = text.chars().count() as f64;
        shortest <= length && length <= longest && pattern.as_ref().is_none_or(|pattern| pattern.is_match(text))
    };
    let told = [named_by_type(of_type), Some(name.to_owned())].into_iter().flatten();
    let likely = told.filter_map(|name| template::likely(&name, inputs)).chain([PLAIN.to_owned()]);
    let matching = written.filter(|_| pattern.is_some()).into_iter().flat_map(sample::matching);
    let filled = PLAIN.repeat(shortest.clamp(1.0, 1000.0) as usize).chars().take(shortest as usize).collect();
    let shortened = PLAIN.chars().take(longest as usize).collect();
    let is_wanted = |text: &String| !text.is_empty() && fits(text);
    let candidates = || likely.chain(matching).chain([filled, shortened]);
    let one = candidates().find(is_wanted).or_else(|| fits("").then(String::new))?;
    let is_list = of_type.starts_with("List<") || of_type == "CommaDelimitedList";
    Some(if is_list { several(inputs, name, &one, fits) } else { one })
}

/// What a value of a type of parameter is called: `SubnetId` for `List<AWS::EC2::Subnet::Id>`.
fn named_by_type(of_type: &str) -> Option<String> {
    let of_type = of_type.trim_start_matches("AWS::SSM::Parameter::Value<").trim_start_matches("List<");
    let (_, kind) = of_type.trim_end_matches('>').strip_prefix("AWS::")?.split_once("::")?;
    Some(kind.replace("AvailabilityZone::Name", "AvailabilityZone").replace("::", ""))
}

/// A list of values like one, since templates select from lists; of one that may not be others, that one.
fn several(inputs: &Inputs, name: &str, one: &str, fits: impl Fn(&str) -> bool) -> String {
    let zone = one.strip_suffix('a').filter(|zone| zone.ends_with(|c: char| c.is_ascii_digit()));
    let network = one.strip_prefix("10.").and_then(|rest| rest.split_once('.'));
    let nth = |number: usize| match (zone, network, template::likely(&format!("{name}{number}"), inputs)) {
        _ if number == 0 => one.to_owned(),
        (Some(zone), ..) => format!("{zone}{}", char::from(b'a' + number as u8)),
        (_, Some((_, rest)), _) => format!("10.{number}.{rest}"),
        (.., Some(other)) if other != one => other,
        _ => format!("{one}{number}"),
    };
    let all: Vec<String> = (0..SEVERAL).map(nth).collect();
    if all.iter().all(|one| fits(one)) { all.join(",") } else { one.to_owned() }
}

#[cfg(test)]
mod tests {
    use source::FileId;

    use super::*;

    /// Each value is written as a pattern, since ids follow from the parameter's name.
    #[test]
    fn a_value_is_right_by_type_pattern_and_length() {
        let inputs = Inputs::new("123456789012", "us-east-1", "stack");
        for (name, declared, made_up) in [
            ("Network", "{Type: 'AWS::EC2::VPC::Id'}", "vpc-[0-9a-f]{17}"),
            (
                "Subnets",
                "{Type: 'List<AWS::EC2::Subnet::Id>', AllowedPattern: 'subnet-.*'}",
                "(subnet-[0-9a-f]{17},){5}subnet-[0-9a-f]{17}",
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
                "10.203.0.0/16,10.1.0.0/16,10.2.0.0/16,10.3.0.0/16,10.4.0.0/16,10.5.0.0/16",
            ),
            ("Any", "{Type: CommaDelimitedList}", "example,example1,example2,example3,example4,example5"),
            ("Peering", "{Type: String, AllowedPattern: '^pcx-[0-9a-f]{17}$'}", "pcx-[0-9a-f]{17}"),
            ("Volume", "{Type: String, AllowedPattern: '^(fsvol-[0-9a-f]{17,})$'}", "fsvol-[0-9a-f]{17}"),
            ("Clone", "{Type: String, AllowedPattern: 'https://github.com/.*\\.git'}", "https://github.com/.*[.]git"),
            ("Key", "{Type: String, AllowedPattern: '^$|^k-[0-9]{9}$'}", "k-[0-9]{9}"),
            ("None", "{Type: String, AllowedPattern: '^$'}", ""),
            ("Stage", "{Type: String, AllowedValues: [dev, prod]}", "dev"),
            ("VpcCidr", "{Type: String}", "10.203.0.0/16"),
            ("RoleArn", "{Type: String}", "arn:aws:iam::123456789012:role/role-arn"),
            ("SourceBucketName", "{Type: String}", "source-bucket-name"),
            ("Any", "{Type: String}", "example"),
            ("Any", "{Type: String, MaxLength: 3}", "exa"),
            ("Any", "{Type: String, MinLength: 10}", "exampleexa"),
            ("Code", "{Type: String, AllowedPattern: '[0-9]{12}'}", "1{12}"),
            ("Long", "{Type: String, MinLength: 30, AllowedPattern: 'x+'}", "x{30,}"),
            ("Unread", "{Type: String, AllowedPattern: '(?!a)'}", "example"),
        ] {
            let node = source::yaml::read(FileId(0), declared).0.unwrap();
            let value = value(&inputs, name, &node).unwrap();
            assert!(Regex::new(&format!("^(?:{made_up})$")).unwrap().is_match(&value), "{name}: {value}");
        }
    }
}
