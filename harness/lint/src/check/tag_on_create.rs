//! Tags that a statement asks for in a call that makes something, and that nothing lets the caller set.
//!
//! "If tags are specified in the resource-creating action, Amazon performs additional authorization on the ec2:CreateTags
//! action to verify if users have permissions to create tags. Therefore, users must also have explicit permissions to use
//! the ec2:CreateTags action." docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html

use catalog::{Action, DependentAction, On, Operation, ResourceType, Row};
use policy::wildcard::covers;
use policy::{Kind, plain};
use serde_json::json;

use super::rows::Reach;
use super::{split, unmet};
use crate::code;
use crate::sink::Sink;
use crate::written::{ActionItem, Condition, Effect, Statement, Written};

/// The actions, or services, of which a page says that a call with tags needs a permission to tag as well. `catalog` knows
/// the action for many others, from their APIs; of the others nothing is said here.
const PAGES: &[(&str, &str)] = &[
    ("ec2:*", "AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html"),
    ("ecs:*", "AmazonECS/latest/developerguide/supported-iam-actions-tagging.html"),
    ("elasticloadbalancing:*", "elasticloadbalancing/latest/userguide/tagging-resources-during-creation.html"),
    // Its table of operations lists iam:TagRole beside CreateRole, and so on.
    ("iam:*", "service-authorization/latest/reference/list_iam.html"),
    ("kms:*", "kms/latest/APIReference/API_CreateKey.html"),
    // "Grant this permission to anyone who needs to call `TagResource` or perform a tag on create."
    ("lambda:*", "lambda/latest/dg/configuration-tags.html"),
    // "You must have either the `logs:TagResource` or `logs:TagLogGroup` permission."
    ("logs:CreateLogGroup", "AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"),
    ("s3:CreateBucket", "AmazonS3/latest/API/API_CreateBucketConfiguration.html"),
    // "Required if you want to use object tagging when you make a `PutObject` request", and so on.
    ("s3:PutObject", "AmazonS3/latest/userguide/using-with-s3-policy-actions.html"),
    ("secretsmanager:*", "secretsmanager/latest/apireference/API_CreateSecret.html"),
    ("sns:*", "sns/latest/api/API_CreateTopic.html"),
    ("sqs:*", "AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html"),
    ("sts:*", "IAM/latest/UserGuide/id_session-tags.html"),
];

pub(super) fn check(policy: &Written<'_>, reaches: &[Reach], sink: &mut Sink) {
    // The policy of a resource or an endpoint has no say on what else the caller may do, an RCP allows nothing.
    if matches!(policy.kind, Kind::Resource | Kind::Endpoint | Kind::ResourceControl) {
        return;
    }
    let mut said = Vec::new();
    // What an Allow asks for is told there, and not at a Deny once more.
    for look in [at_allow as Look, at_deny] {
        for (statement, reach) in policy.statements.iter().zip(reaches).filter(|(one, _)| !one.not_action) {
            if !statement.conditions.iter().any(is_about_passed_tags) {
                continue;
            }
            for item in &statement.actions {
                let mut found =
                    item.actions.iter().filter_map(|action| look(policy, reaches, (statement, reach), *action));
                if let Some(lacking) = found.find(|lacking| !said.contains(&lacking.operation.name())) {
                    said.push(lacking.operation.name());
                    report(policy, item, &lacking, sink);
                }
            }
        }
    }
}

/// What a statement makes of an action.
type Look = for<'s, 'a> fn(&'s Written<'a>, &'s [Reach], ReachOf<'s, 'a>, Action) -> Option<Lacking<'s, 'a>>;
type ReachOf<'s, 'a> = (&'s Statement<'a>, &'s Reach);

/// What a call needs besides, and nothing allows.
struct Lacking<'s, 'a> {
    /// What makes the call pass tags.
    condition: &'s Condition<'a>,
    /// What allows the call.
    by: ReachOf<'s, 'a>,
    /// Whether that is another statement than the one with the condition.
    is_elsewhere: bool,
    operation: Operation,
    dependent: DependentAction,
    page: &'static str,
}

/// An Allow of calls that pass tags, where no other statement allows them without.
fn at_allow<'s, 'a>(
    policy: &'s Written<'a>,
    reaches: &'s [Reach],
    by: ReachOf<'s, 'a>,
    action: Action,
) -> Option<Lacking<'s, 'a>> {
    let (statement, reach) = by;
    let page = page_of(action).filter(|_| statement.allows())?;
    let asks = |one: &&Condition<'_>| {
        is_about_passed_tags(one) && !one.holds_without() && one.key.is_some_and(|key| reach.carries(action, key))
    };
    let condition = statement.conditions.iter().find(asks)?;
    let (operation, dependent) = needed(policy, action, condition)?;
    let is_forced = is_forced(policy, reaches, reach, action, condition);
    is_forced.then_some(Lacking { condition, by, is_elsewhere: false, operation, dependent, page })
}

/// A Deny of calls that pass no tags, where another statement allows the rest.
fn at_deny<'s, 'a>(
    policy: &'s Written<'a>,
    reaches: &'s [Reach],
    (statement, reach): ReachOf<'s, 'a>,
    action: Action,
) -> Option<Lacking<'s, 'a>> {
    let page = page_of(action).filter(|_| statement.effect == Some(Effect::Deny))?;
    let condition = statement.conditions.first()?;
    // It fires for every call without tags, whatever else there is to the call.
    if !statement.conditions.iter().all(|one| is_about_passed_tags(one) && one.holds_without()) {
        return None;
    }
    let (operation, dependent) = needed(policy, action, condition)?;
    // Of an action without required types every call is on one of the others.
    let is_any = !action.rows().any(Row::is_required);
    let makes = |row: &Row| row.resource_type().is_some_and(|of| operation.makes(of.name()));
    let is_sure = |row: &Row| is_any || row.is_required() || makes(row);
    let carries = |row: &Row| condition.key.is_some_and(|key| super::rows::carries(*row, key));
    let rows: Vec<_> = reach.met(action).into_iter().filter(|row| is_sure(row) && carries(row)).collect();
    let mut others = policy.statements.iter().zip(reaches);
    let by = others.find(|(one, reach)| rows.iter().any(|row| unmet::allows(one, reach, *row)))?;
    Some(Lacking { condition, by, is_elsewhere: true, operation, dependent, page })
}

/// The tags of what is made, or of an object.
fn is_about_passed_tags(condition: &Condition<'_>) -> bool {
    condition.is_about_passed_tags()
        || matches!(condition.head().as_str(), "s3:requestobjecttag" | "s3:requestobjecttagkeys")
}

fn page_of(action: Action) -> Option<&'static str> {
    let is_it = |name: &str| match name.strip_suffix(":*") {
        Some(service) => service == action.service().prefix(),
        None => name == action.name(),
    };
    PAGES.iter().find(|(name, _)| is_it(name)).map(|(_, page)| *page)
}

/// The tagging that AWS also asks for in a call that passes the tags of a condition, if nothing allows it.
fn needed(policy: &Written<'_>, action: Action, condition: &Condition<'_>) -> Option<(Operation, DependentAction)> {
    let operation = catalog::operation(action.name())?;
    let of_tags =
        |dependent: &&DependentAction| dependent.when.iter().any(|key| condition.head().eq_ignore_ascii_case(key));
    let dependent = operation.needs().iter().find(of_tags)?.clone();
    let is_allowed = policy.statements.iter().any(|one| one.allows() && allows(one, &operation, &dependent));
    (!is_allowed).then_some((operation, dependent))
}

/// Whether a statement may allow the tagging that goes with an operation.
fn allows(statement: &Statement<'_>, operation: &Operation, dependent: &DependentAction) -> bool {
    let is_about =
        [Some(dependent.action), dependent.or].into_iter().flatten().any(|action| statement.reaches(action.name()));
    if !is_about && statement.actions.iter().all(|item| item.is_known) {
        return false;
    }
    // The key's value is the name of the API operation.
    let Some(key) = dependent.create_action else { return true };
    let name = api_name(operation);
    let admits = |one: &Condition<'_>| {
        let is_open = |text: &str| text.contains(['$', crate::glob::UNKNOWN]);
        !one.is_positive() || one.values.iter().any(|value| is_open(value.text) || covers(value.text, name))
    };
    statement.conditions.iter().filter(|one| one.name.eq_ignore_ascii_case(key)).all(admits)
}

/// Whether every call that the policy allows on some row has to pass tags: no other statement allows it without.
fn is_forced(
    policy: &Written<'_>,
    reaches: &[Reach],
    reach: &Reach,
    action: Action,
    condition: &Condition<'_>,
) -> bool {
    let asks = |one: &Statement<'_>| one.conditions.iter().any(|one| is_about_passed_tags(one) && !one.holds_without());
    let others = || policy.statements.iter().zip(reaches).filter(|(one, _)| !asks(one));
    let is_free = |row| others().any(|(one, reach)| unmet::allows(one, reach, row));
    let mut carrying =
        reach.met(action).into_iter().filter(|row| condition.key.is_some_and(|key| super::rows::carries(*row, key)));
    carrying.any(|row| !is_free(row))
}

fn report(policy: &Written<'_>, item: &ActionItem<'_>, lacking: &Lacking<'_, '_>, sink: &mut Sink) {
    let (asked, operation) = (lacking.dependent.action.name(), lacking.operation.name());
    let message = format!(
        "`{}` makes {operation} pass tags, and AWS then also asks for {asked}{}, which no statement here allows",
        plain(lacking.condition.name),
        lacking
            .dependent
            .create_action
            .map(|key| format!(" with `{key}` = `{}`", api_name(&lacking.operation)))
            .unwrap_or_default()
    );
    let holder = match lacking.is_elsewhere {
        true => format!("the statement that allows {operation}"),
        false => "this statement".to_owned(),
    };
    let help = match added(policy, lacking) {
        Some(statement) => format!("unless another policy of the caller allows it, add this statement:\n{statement}"),
        None => format!("unless another policy of the caller allows it, add `{asked}` to the Action of {holder}"),
    };
    let page = format!("https://docs.aws.amazon.com/{}", lacking.page);
    sink.add(&code::TAG_ON_CREATE_NOT_ALLOWED, item.span, message).see(page).help(help);
}

/// The statement to add; `None` where the action is asked on the same resource, and belongs beside the other one.
fn added(policy: &Written<'_>, lacking: &Lacking<'_, '_>) -> Option<String> {
    let resources = match &lacking.dependent.on {
        On::Same => return None,
        On::Own => vec!["*".to_owned()],
        On::Types(types) => resources(policy, lacking, types),
    };
    let mut added = json!({"Effect": "Allow", "Action": lacking.dependent.action.name()});
    added["Resource"] = match resources.as_slice() {
        [one] => one.as_str().into(),
        _ => resources.into(),
    };
    if let Some(key) = lacking.dependent.create_action {
        added["Condition"] = json!({"StringEquals": {key: api_name(&lacking.operation)}});
    }
    Some(format!("{added:#}"))
}

/// What the call makes, as narrow as the statement has it, where it is about that; of what it does not name, any.
fn resources(policy: &Written<'_>, lacking: &Lacking<'_, '_>, types: &[&str]) -> Vec<String> {
    let (statement, reach) = lacking.by;
    let is_made = |of: &ResourceType| types.contains(&of.name());
    let own = lacking.operation.actions().iter().flat_map(|action| reach.met(*action));
    let carrying = own.filter(|row| lacking.condition.key.is_some_and(|key| row.carries(key)));
    let made = carrying.filter(|row| row.resource_type().as_ref().is_some_and(is_made));
    let own: Vec<_> = made.filter_map(|row| split::resources(policy, statement, row)).flatten().collect();
    if !own.is_empty() {
        return own;
    }
    let types = lacking.dependent.action.service().resource_types().filter(is_made);
    types.flat_map(|of| of.wildcards(split::common_partition(policy))).collect()
}

/// `RunInstances` of `ec2:RunInstances`
fn api_name(operation: &Operation) -> &'static str {
    operation.name().split(':').next_back().unwrap_or_default()
}
