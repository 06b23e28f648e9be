//! Where a policy uses condition keys, and on which rows of its actions a request can carry them.

use std::collections::HashSet;
use std::rc::Rc;

use catalog::{Action, Key, Row};
use policy::Kind;
use policy::undocumented::Case;
use source::{Node, Span};

use crate::check::{Reach, carries};
use crate::glob::UNKNOWN;
use crate::written::{Condition, Effect, Statement, Written};

/// One use of a condition key: a condition on it, or a variable.
pub struct Use {
    /// The key.
    pub key: Key,
    /// As it is written: `aws:RequestTag/team`.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// What the policy is attached to.
    pub kind: Kind,
    /// The statement: its Sid, or its place from 1.
    pub statement: String,
    /// Whether the statement denies. None: it has no Effect that can be read.
    pub denies: Option<bool>,
    /// The operator of the condition, as in `StringEquals`. None: the key stands in a variable.
    pub operator: Option<String>,
    /// Whether the condition holds for a request without the key.
    pub holds_without: bool,
    about: Rc<About>,
}

/// What a statement is about.
struct About {
    /// The actions of Action; of NotAction, those left out.
    actions: Vec<Rc<[Action]>>,
    not_action: bool,
    reach: Reach,
}

/// Every use of a condition key that AWS has, in the order of the text.
#[must_use]
pub fn uses(node: &Node, kind: Kind) -> Vec<Use> {
    let written = Written::read(node, kind);
    let has_variables = written.version == Some("2012-10-17");
    let statements = written.statements.iter().enumerate();
    let mut all: Vec<Use> =
        statements.flat_map(|(at, statement)| of_statement(kind, at, statement, has_variables)).collect();
    all.sort_by_key(|one| one.span);
    all
}

impl Use {
    /// The actions that the statement is about.
    pub fn actions(&self) -> Box<dyn Iterator<Item = Action> + '_> {
        let listed = self.about.actions.iter().flat_map(|item| item.iter().copied());
        let mut seen = HashSet::new();
        match self.about.not_action {
            false => Box::new(listed.filter(move |action| seen.insert(action.name()))),
            true => {
                seen.extend(listed.map(Action::name));
                Box::new(catalog::expand("*").filter(move |action| !seen.contains(action.name())))
            }
        }
    }

    /// The rows of an action that the statement's resources can be of. Empty: no request for the action is about them.
    #[must_use]
    pub fn rows(&self, action: Action) -> Vec<Row> {
        self.about.reach.met(action)
    }

    /// Whether a request on a row can carry the key.
    #[must_use]
    pub fn is_carried(&self, row: Row) -> bool {
        carries(row, self.key)
    }

    /// What AWS's documentation leaves open about the key on a row.
    #[must_use]
    pub fn left_open(&self, row: Row) -> Option<Case> {
        row.left_open(self.key)
    }
}

fn of_statement(kind: Kind, at: usize, statement: &Statement<'_>, has_variables: bool) -> Vec<Use> {
    let about = Rc::new(About {
        actions: statement.actions.iter().map(|item| Rc::clone(&item.actions)).collect(),
        not_action: statement.not_action,
        reach: Reach::of(statement),
    });
    let sid = statement.sid.map(|sid| sid.text).filter(|sid| !sid.is_empty());
    let new = |key: Key, name: &str, span: Span| Use {
        key,
        name: shown(name),
        span,
        kind,
        statement: sid.map_or_else(|| (at + 1).to_string(), shown),
        denies: statement.effect.map(|effect| effect == Effect::Deny),
        operator: None,
        holds_without: false,
        about: Rc::clone(&about),
    };
    let by_condition = |condition: &Condition<'_>| {
        let one = new(condition.key?, condition.name, condition.name_span);
        Some(Use { operator: Some(condition.operator.to_string()), holds_without: condition.holds_without(), ..one })
    };
    let mut found: Vec<Use> = statement.conditions.iter().filter_map(by_condition).collect();
    let values = statement.conditions.iter().flat_map(|condition| &condition.values);
    for text in values.chain(&statement.resources).filter(|_| has_variables) {
        let names = variables(text.text);
        found.extend(names.filter_map(|name| Some(new(catalog::key(name)?, name, text.span))));
    }
    found
}

/// With what is not known before a template is deployed left open.
fn shown(text: &str) -> String {
    text.replace(UNKNOWN, "…")
}

/// The names of the variables in a text; a default may follow the name after a comma.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
pub fn variables(text: &str) -> impl Iterator<Item = &str> {
    let inner = text.split("${").skip(1).filter_map(|rest| rest.split_once('}'));
    inner.map(|(inner, _)| inner.split(',').next().unwrap_or_default().trim())
}

#[cfg(test)]
mod tests {
    use source::FileId;

    use super::*;

    /// The uses of a policy: `statement operator name: row ✓, row ✗`, for the actions that are given.
    fn told(text: &str) -> Vec<String> {
        let (documents, said) = crate::documents(FileId(0), text, None);
        assert!(said.is_empty(), "{said:?}");
        let all = documents.iter().flat_map(|(kind, node)| uses(node, *kind));
        all.map(|one| {
            let rows = one.actions().flat_map(|action| one.rows(action));
            let row = |row: Row| {
                let name = row.resource_type().map_or("*", catalog::ResourceType::name);
                format!("{name} {}", if one.is_carried(row) { "✓" } else { "✗" })
            };
            let rows: Vec<_> = rows.map(row).collect();
            let operator = one.operator.as_deref().unwrap_or("variable");
            format!("{} {operator} {}: {}", one.statement, one.name, rows.join(", "))
        })
        .collect()
    }

    /// docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html, CreateSnapshot: the snapshot has
    /// aws:RequestTag, the volume does not.
    #[test]
    fn each_row_is_told_by_itself() {
        let policy = r#"{"Version": "2012-10-17", "Statement": [
            {"Sid": "Snap", "Effect": "Allow", "Action": "ec2:CreateSnapshot", "Resource": "*",
             "Condition": {"StringEquals": {"AWS:requesttag/team": "a"}}},
            {"Effect": "Deny", "Action": "ec2:CreateSnapshot", "Resource": "arn:aws:ec2:*:*:volume/*",
             "Condition": {"Null": {"aws:RequestTag/team": "true"}}}]}"#;
        let found = told(policy);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("Snap StringEquals AWS:requesttag/team: "), "{found:?}");
        assert!(found[0].contains("snapshot ✓") && found[0].contains("volume ✗"), "{found:?}");
        assert_eq!(found[1], "2 Null aws:RequestTag/team: volume ✗");
    }

    #[test]
    fn variables_are_uses_where_they_count() {
        let policy = |version: &str| {
            format!(
                r#"{{"Version": "{version}", "Statement": {{"Effect": "Allow", "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::box/${{aws:PrincipalTag/team, 'none'}}/*"}}}}"#
            )
        };
        assert_eq!(told(&policy("2012-10-17")), ["1 variable aws:PrincipalTag/team: object ✓"]);
        assert_eq!(told(&policy("2008-10-17")), Vec::<String>::new());
    }

    #[test]
    fn a_statement_that_allows_all_but_some_is_about_the_others() {
        let policy = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "NotAction": "ec2:*", "Resource": "*",
             "Condition": {"Bool": {"aws:SecureTransport": "false"}}}}"#;
        let (documents, _) = crate::documents(FileId(0), policy, None);
        let all: Vec<_> = documents.iter().flat_map(|(kind, node)| uses(node, *kind)).collect();
        let services: HashSet<_> = all[0].actions().map(|action| action.service().prefix()).collect();
        assert!(services.contains("s3") && !services.contains("ec2"), "{services:?}");
    }
}
