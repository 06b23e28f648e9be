//! Amazon Resource Names.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html

use memchr::memchr_iter;

/// `arn:partition:service:region:account:resource`, taken apart. The last part may itself hold colons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov` …
    pub partition: &'a str,
    /// `s3`, `iam` …
    pub service: &'a str,
    /// Empty for a global service, and for S3 buckets.
    pub region: &'a str,
    /// Twelve digits, or empty as in the ARN of an S3 bucket.
    pub account: &'a str,
    /// The rest.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Takes an ARN apart; `None` if the text is not one.
    ///
    /// ```
    /// let arn = policy::arn::Arn::parse("arn:aws:ecs:us-east-1:111122223333:task-definition/web:7").unwrap();
    /// assert_eq!((arn.service, arn.account, arn.resource), ("ecs", "111122223333", "task-definition/web:7"));
    /// assert_eq!(policy::arn::Arn::parse("arn:aws:s3"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let [arn, partition, service, region, account, resource] = split(text)?;
        (arn == "arn").then_some(Self { partition, service, region, account, resource })
    }
}

/// The six parts between the first five colons.
pub(crate) fn split(text: &str) -> Option<[&str; 6]> {
    let mut parts = [text; 6];
    let mut colons = memchr_iter(b':', text.as_bytes());
    let mut start = 0;
    for part in &mut parts[..5] {
        let colon = colons.next()?;
        *part = &text[start..colon];
        start = colon + 1;
    }
    parts[5] = &text[start..];
    Some(parts)
}

/// Whether the text is a bare AWS account id.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
