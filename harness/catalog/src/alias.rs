//! Operations that are authorised as an action of another name.

/// One line per operation, sorted with letter case ignored: the operation, and the actions that it needs.
const TEXT: &str = include_str!("../data/aliases.txt");

/// The actions that an operation's requests are authorised as, where they have another name than the operation: of
/// `sqs:SendMessageBatch` it is `sqs:SendMessage`. Letter case is ignored. Empty for anything else, actions included.
///
/// ```
/// assert_eq!(catalog::alias("S3:HeadObject").collect::<Vec<_>>(), ["s3:GetObject"]);
/// ```
pub fn alias(name: &str) -> impl Iterator<Item = &'static str> {
    let of = |line: &'static str| line.split_once(' ').unwrap_or_default();
    let found = TEXT.lines().map(of).find(|(operation, _)| operation.eq_ignore_ascii_case(name));
    found.map(|(_, actions)| actions.split(' ')).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{action, service};

    #[test]
    fn each_names_actions_that_exist_and_is_none_itself() {
        let mut before = String::new();
        for line in TEXT.lines() {
            let mut words = line.split(' ');
            let operation = words.next().unwrap();
            assert!(action(operation).is_none(), "{operation} is an action");
            assert!(service(operation.split(':').next().unwrap()).is_some(), "{operation}");
            assert!(words.clone().count() > 0, "{operation}");
            words.for_each(|name| assert_eq!(action(name).map(|action| action.name()), Some(name)));
            assert!(before < operation.to_lowercase(), "{operation} is not in order");
            before = operation.to_lowercase();
        }
        assert_eq!(TEXT.lines().count(), 69);
    }

    #[test]
    fn an_operation_has_the_actions_that_its_page_names() {
        for (operation, expected) in [
            // docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
            ("sqs:SendMessageBatch", &["sqs:SendMessage"][..]),
            // docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
            ("s3:headbucket", &["s3:ListBucket"]),
            // docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
            ("s3:CopyObject", &["s3:PutObject", "s3:GetObject"]),
            // docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
            ("bedrock:Converse", &["bedrock:InvokeModel"]),
            ("s3:GetObject", &[]),
            ("", &[]),
        ] {
            assert_eq!(alias(operation).collect::<Vec<_>>(), expected, "{operation}");
        }
    }
}
