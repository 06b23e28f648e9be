//! The partitions of AWS: groups of regions, which ARNs name.
//!
//! docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html

/// A partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    /// What ARNs call it: `aws-cn`.
    pub name: &'static str,
    /// What its endpoints end in, which CloudFormation has as `AWS::URLSuffix`.
    pub suffix: &'static str,
}

/// All but this one, with how the names of their regions begin; from botocore's partitions.json.
const OTHERS: &[(&str, Partition)] = &[
    ("cn-", Partition { name: "aws-cn", suffix: "amazonaws.com.cn" }),
    ("us-gov-", Partition { name: "aws-us-gov", suffix: "amazonaws.com" }),
    ("eusc-", Partition { name: "aws-eusc", suffix: "amazonaws.eu" }),
    ("us-iso-", Partition { name: "aws-iso", suffix: "c2s.ic.gov" }),
    ("us-isob-", Partition { name: "aws-iso-b", suffix: "sc2s.sgov.gov" }),
    ("eu-isoe-", Partition { name: "aws-iso-e", suffix: "cloud.adc-e.uk" }),
    ("us-isof-", Partition { name: "aws-iso-f", suffix: "csp.hci.ic.gov" }),
];

/// The names of all partitions.
pub fn names() -> impl Iterator<Item = &'static str> {
    std::iter::once("aws").chain(OTHERS.iter().map(|(_, partition)| partition.name))
}

/// The partition that a region is in.
///
/// ```
/// assert_eq!(policy::partition::of_region("us-gov-west-1").name, "aws-us-gov");
/// assert_eq!(policy::partition::of_region("eu-central-1").name, "aws");
/// ```
#[must_use]
pub fn of_region(region: &str) -> Partition {
    let other = OTHERS.iter().find(|(start, _)| region.starts_with(start));
    other.map_or(Partition { name: "aws", suffix: "amazonaws.com" }, |(_, partition)| *partition)
}
