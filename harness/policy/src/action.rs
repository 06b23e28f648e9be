//! Action and NotAction.

use crate::wildcard;

/// The actions of a statement, in lower case.
///
/// "The prefix and the action name are case insensitive", with the wildcards `*` and `?`.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
#[derive(Debug)]
pub(crate) struct Actions {
    pub(crate) not: bool,
    pub(crate) patterns: Box<[ActionPattern]>,
    /// As written.
    pub(crate) texts: Box<[Box<str>]>,
    /// Whether there is a pattern such as `*Execution`: see `Case::ActionWithoutService`.
    without_service: bool,
}

/// One action, with wildcards or without.
#[derive(Debug)]
pub(crate) struct ActionPattern {
    /// In lower case.
    pub(crate) text: Box<str>,
    /// How much of it stands before the first wildcard. Most have none, or one at the end.
    literal: usize,
}

impl Actions {
    pub(crate) fn new(not: bool, texts: Box<[Box<str>]>) -> Self {
        let patterns: Box<[_]> = texts.iter().map(|text| ActionPattern::new(text)).collect();
        let without_service = patterns.iter().any(ActionPattern::is_without_service);
        Self { not, patterns, texts, without_service }
    }

    /// Whether, of the patterns that cover an action, none has a service: in Action the statement is about the action only
    /// by them, in NotAction it leaves the action out only by them.
    pub(crate) fn rests_on_no_service(&self, action: &str) -> bool {
        let mut covering = self.patterns.iter().filter(|pattern| pattern.covers(action)).peekable();
        self.without_service && covering.peek().is_some() && covering.all(ActionPattern::is_without_service)
    }

    pub(crate) fn covers(&self, action: &str) -> bool {
        self.patterns.iter().any(|pattern| pattern.covers(action)) != self.not
    }
}

impl ActionPattern {
    fn new(text: &str) -> Self {
        Self { text: text.to_ascii_lowercase().into(), literal: text.find(['*', '?']).unwrap_or(text.len()) }
    }

    /// `*` alone, the grammar has.
    fn is_without_service(&self) -> bool {
        !self.text.contains(':') && self.text.bytes().any(|byte| byte != b'*')
    }

    pub(crate) fn is_wild(&self) -> bool {
        self.literal < self.text.len()
    }

    pub(crate) fn covers(&self, action: &str) -> bool {
        let (head, rest) = self.text.as_bytes().split_at(self.literal);
        match action.as_bytes().split_at_checked(self.literal) {
            Some((start, end)) => head.eq_ignore_ascii_case(start) && wildcard::is_action(rest, end),
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_ignore_case_and_know_wildcards() {
        for (pattern, action, expected) in [
            ("s3:GetObject", "s3:getobject", true),
            ("S3:GETOBJECT", "s3:GetObject", true),
            ("s3:GetObject", "s3:GetObjectAcl", false),
            ("s3:Get*", "s3:GetObjectAcl", true),
            ("s3:*Object*", "s3:GetObjectAcl", true),
            ("s3:Get?bject", "s3:GetObject", true),
            ("s3:Get?Object", "s3:GetObject", false),
            ("s3:GetObject*", "s3:GetObject", true),
            ("s3:GetObject**", "s3:GetObject", true),
            ("s3:GetObject?", "s3:GetObject", false),
            ("s3:Get*?", "s3:Get", false),
            ("s3:*Acl", "s3:GetObjectAclAcl", true),
            ("*", "s3:GetObject", true),
            ("s3:*", "s3express:CreateSession", false),
            ("s3*:*", "s3express:CreateSession", true),
            ("*:*", "ecs:RunTask", true),
            ("", "s3:GetObject", false),
            ("*Object", "s3:GetObject", true),
            ("*3?Get*", "s3:GetObject", true),
            ("*Object", "s3:GetObjectAcl", false),
            ("Get*", "s3:GetObject", false),
        ] {
            assert_eq!(Actions::new(false, [pattern.into()].into()).covers(action), expected, "{pattern} {action}");
            assert_eq!(Actions::new(true, [pattern.into()].into()).covers(action), !expected, "not {pattern} {action}");
        }
    }

    #[test]
    fn patterns_without_a_service_are_told_from_others() {
        for (patterns, action, expected) in [
            (&["*Object"][..], "s3:GetObject", true),
            (&["*Object", "s3:Get*"], "s3:GetObject", false),
            (&["*Object", "s3:Put*"], "s3:GetObject", true),
            (&["*Object"], "s3:GetObjectAcl", false),
            (&["*"], "s3:GetObject", false),
            (&["**", "s3:GetObject"], "s3:GetObject", false),
        ] {
            for not in [false, true] {
                let actions = Actions::new(not, patterns.iter().map(|&pattern| pattern.into()).collect());
                assert_eq!(actions.rests_on_no_service(action), expected, "{not} {patterns:?} {action}");
            }
        }
    }

    #[test]
    fn not_action_lists_what_is_left_out() {
        let actions = Actions::new(true, ["iam:*".into(), "sts:AssumeRole".into()].into());
        assert!(actions.covers("s3:GetObject"));
        assert!(!actions.covers("sts:assumerole"));
        assert!(!actions.covers("IAM:PassRole"));
    }
}
