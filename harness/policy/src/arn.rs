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

/// The six parts between the first five colons.
pub(crate) fn split(text: &str) -> Option<[&str; 6]> {
    let mut parts = [text; 6];
    let (mut filled, mut start) = (0, 0);
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    for (at, word) in words.iter().chain([&last]).enumerate() {
        let mut found = colons(u64::from_le_bytes(*word));
        while found != 0 {
            let colon = at * 8 + found.trailing_zeros() as usize / 8;
            parts[filled] = &text[start..colon];
            (filled, start) = (filled + 1, colon + 1);
            if filled == 5 {
                parts[5] = &text[start..];
                return Some(parts);
            }
            found &= found - 1;
        }
    }
    None
}

/// The eighth bit of each byte that is a colon. The parts of an ARN are short, and for those this is quicker than what is
/// made for long texts.
const fn colons(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const LOW: u64 = 0x7f * ONES;
    let word = word ^ (b':' as u64 * ONES);
    !(((word & LOW) + LOW) | word | LOW)
}

/// Whether the text is a bare AWS account id.
pub(crate) fn is_account(text: &str) -> bool {
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
