//! Amazon Resource Names.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html

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

/// The six parts between the first five colons. The parts are short: byte by byte is quicker than what is made for long
/// texts.
pub(crate) fn split(text: &str) -> Option<[&str; 6]> {
    let mut colons = [0; 5];
    let mut found = 0;
    for (at, &byte) in text.as_bytes().iter().enumerate() {
        if byte == b':' {
            colons[found] = at;
            found += 1;
            if found == colons.len() {
                let [a, b, c, d, e] = colons;
                let part = |from: usize, to: usize| &text[from + 1..to];
                return Some([&text[..a], part(a, b), part(b, c), part(c, d), part(d, e), &text[e + 1..]]);
            }
        }
    }
    None
}

/// `aws` of `arn:aws:iam::…`; `None` if the text does not begin so.
#[must_use]
pub fn partition(arn: &str) -> Option<&str> {
    let rest = arn.strip_prefix("arn:")?;
    let end = rest.bytes().position(|byte| byte == b':')?;
    Some(&rest[..end])
}

/// Whether the text is a bare AWS account id: twelve digits.
#[must_use]
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_five_colons_part_an_arn_wherever_they_are() {
        for text in ["", ":", ":::::", "::::::", "arn:aws:s3:::b", "arn:aws:s3::::b:c", "é:b:c:d:é:f", "arn:aws:s3:b"]
        {
            for padding in 0..20 {
                let text = [&"x".repeat(padding), text, &"y".repeat(padding), text].concat();
                let expected: Vec<_> = text.splitn(6, ':').collect();
                assert_eq!(split(&text), <[&str; 6]>::try_from(expected).ok(), "{text}");
            }
        }
    }
}
