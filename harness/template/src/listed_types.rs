//! Every type of resource that CloudFormation has: what `Ref` and `Fn::GetAtt` give, in AWS's shape.
//!
//! The data is `data/types.txt`, made by a script from AWS's resource schemas; `data/README.md` has its form. A type is read
//! when a template names it.

use std::collections::HashMap;
use std::sync::LazyLock;

const TYPES: &str = include_str!("../data/types.txt");

/// The line of each type, without its name.
static LINES: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| TYPES.lines().filter_map(|line| line.split_once('\t')).collect());

/// A type of the list. Its patterns are those of [`crate::pattern`].
pub(crate) struct ListedType {
    /// The property that names a resource.
    pub(crate) named_by: Option<&'static str>,
    /// The property that has its tags.
    pub(crate) tags: Option<&'static str>,
    /// What `Ref` gives.
    pub(crate) reference: &'static str,
    /// The ARN under which requests name a resource, if any does.
    pub(crate) arn: Option<&'static str>,
    attributes: &'static str,
}

/// An attribute of a listed type.
pub(crate) struct ListedAttribute {
    pub(crate) name: &'static str,
    pub(crate) is_list: bool,
    /// What it gives; `None`: its name is all that is known.
    pub(crate) pattern: Option<&'static str>,
}

/// The type of a name; `None`: it is a custom resource, a module, or somebody else's.
pub(crate) fn listed_type(name: &str) -> Option<ListedType> {
    let mut fields = LINES.get(name)?.splitn(5, '\t');
    let mut field = || fields.next().filter(|field| *field != "-");
    let (named_by, tags, reference, arn) = (field(), field(), field()?, field());
    Some(ListedType { named_by, tags, reference, arn, attributes: fields.next().unwrap_or_default() })
}

impl ListedType {
    /// What `Fn::GetAtt` gives.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = ListedAttribute> + use<> {
        self.attributes.split('\t').filter(|field| !field.is_empty()).map(|field| {
            let (name, pattern) = field.split_once('=').map_or((field, None), |(name, pattern)| (name, Some(pattern)));
            let (name, is_list) = name.strip_suffix("[]").map_or((name, false), |name| (name, true));
            ListedAttribute { name, is_list, pattern }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern;

    /// The fields of patterns that are neither ids nor properties.
    const PLAIN: &[&str] = &["partition", "region", "account", "suffix", "name", "ref", "arn"];

    #[test]
    fn every_line_can_be_read() {
        assert!(LINES.len() > 1800, "{}", LINES.len());
        for name in LINES.keys() {
            let listed = listed_type(name).unwrap_or_else(|| panic!("{name}"));
            let attributes = listed.attributes().filter_map(|attribute| attribute.pattern);
            for pattern in attributes.chain([listed.reference]).chain(listed.arn) {
                for field in pattern::fields(pattern) {
                    let is_property = field.starts_with(|c: char| c.is_ascii_uppercase());
                    let is_known = PLAIN.contains(&field) || pattern::id(field, "", "").is_some();
                    assert!(is_property || is_known, "{name}: {{{field}}} in {pattern}");
                }
            }
        }
    }

    /// The samples of the types' pages, with our ids put in.
    #[test]
    fn what_ref_gives_is_what_the_pages_say() {
        for (name, reference) in [
            ("AWS::Batch::JobDefinition", "{arn}"),
            ("AWS::EC2::EIP", "203.0.113.{octet}"),
            ("AWS::EC2::SecurityGroup", "sg-{hex:17}"),
            ("AWS::EC2::Subnet", "subnet-{hex:17}"),
            ("AWS::EC2::VPC", "vpc-{hex:17}"),
            ("AWS::ECS::Service", "{arn}"),
            ("AWS::Events::Rule", "{name}"),
            ("AWS::RDS::DBInstance", "{name}"),
            ("AWS::SageMaker::Model", "{arn}"),
            ("AWS::Cognito::UserPool", "{region}_{letters:9}"),
        ] {
            assert_eq!(listed_type(name).map(|listed| listed.reference), Some(reference), "{name}");
        }
    }
}
