//! Tags that a statement asks for in a call that makes something, and that nothing lets the caller set.
//!
//! "If tags are specified in the resource-creating action, Amazon performs additional authorization on the ec2:CreateTags
//! action to verify if users have permissions to create tags. Therefore, users must also have explicit permissions to use
//! the ec2:CreateTags action." docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html

use catalog::{Action, Need, On, Operation, ResourceType};
use policy::wildcard::covers;
use policy::{Kind, plain};
use serde_json::json;

use super::rows::Reach;
use super::{split, unmet};
use crate::code;
use crate::sink::Sink;
use crate::written::{ActionItem, Condition, Statement, Written};

/// The services of which a page says that a call with tags needs a permission to tag as well. `catalog` knows the action
/// for many others, from their APIs; where no page says so, nothing is said here.
const PAGES: &[(&str, &str)] = &[
    ("ec2", "AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html"),
    ("ecs", "AmazonECS/latest/developerguide/supported-iam-actions-tagging.html"),
    ("elasticloadbalancing", "elasticloadbalancing/latest/userguide/tagging-resources-during-creation.html"),
    ("kms", "kms/latest/APIReference/API_CreateKey.html"),
    ("secretsmanager", "secretsmanager/latest/apireference/API_CreateSecret.html"),
    ("sns", "sns/latest/api/API_CreateTopic.html"),
    ("sqs", "AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html"),
    ("sts", "IAM/latest/UserGuide/id_session-tags.html"),
];

pub(super) fn check(policy: &Written<'_>, reaches: &[Reach], sink: &mut Sink) {
    // The policy of a resource or an endpoint has no say on what else the caller may do, an RCP allows nothing.
    if matches!(policy.kind, Kind::Resource | Kind::Endpoint | Kind::ResourceControl) {
        return;
    }
    for (statement, reach) in policy.statements.iter().zip(reaches) {
        let asks = statement.conditions.iter().any(|one| one.is_about_passed_tags() && !one.holds_without());
        if !asks || !statement.allows() || statement.not_action {
            continue;
        }
        for item in &statement.actions {
            let lacking = item.actions.iter().find_map(|action| lacking(policy, reaches, statement, reach, *action));
            if let Some(lacking) = lacking {
                report(policy, statement, reach, item, &lacking, sink);
            }
        }
    }
}

/// What a call needs besides, and nothing allows.
struct Lacking<'s, 'a> {
    condition: &'s Condition<'a>,
    operation: Operation,
    need: Need,
    page: &'static str,
}

fn lacking<'s, 'a>(
    policy: &Written<'_>,
    reaches: &[Reach],
    statement: &'s Statement<'a>,
    reach: &Reach,
    action: Action,
) -> Option<Lacking<'s, 'a>> {
    let (_, page) = PAGES.iter().find(|(prefix, _)| *prefix == action.service().prefix())?;
    let asks = |one: &&Condition<'_>| {
        one.is_about_passed_tags() && !one.holds_without() && one.key.is_some_and(|key| reach.carries(action, key))
    };
    let condition = statement.conditions.iter().find(asks)?;
    let operation = catalog::operation(action.name())?;
    let of_tags = |need: &&Need| need.when.iter().any(|key| condition.head().eq_ignore_ascii_case(key));
    let need = operation.needs().iter().find(of_tags)?.clone();
    let is_allowed = policy.statements.iter().any(|one| one.allows() && allows(one, &operation, &need));
    (!is_allowed && is_forced(policy, reaches, reach, action, condition)).then_some(Lacking {
        condition,
        operation,
        need,
        page,
    })
}

/// Whether a statement may allow the tagging that goes with an operation.
fn allows(statement: &Statement<'_>, operation: &Operation, need: &Need) -> bool {
    let is_about = [Some(need.action), need.or].into_iter().flatten().any(|action| statement.reaches(action.name()));
    if !is_about && statement.actions.iter().all(|item| item.is_known) {
        return false;
    }
    // The key's value is the name of the API operation.
    let Some(key) = need.create_action else { return true };
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
    let asks =
        |one: &Statement<'_>| one.conditions.iter().any(|one| one.is_about_passed_tags() && !one.holds_without());
    let others = || policy.statements.iter().zip(reaches).filter(|(one, _)| !asks(one));
    let is_free = |row| others().any(|(one, reach)| unmet::allows(one, reach, row));
    let mut carrying =
        reach.met(action).into_iter().filter(|row| condition.key.is_some_and(|key| super::rows::carries(*row, key)));
    carrying.any(|row| !is_free(row))
}

fn report(
    policy: &Written<'_>,
    statement: &Statement<'_>,
    reach: &Reach,
    item: &ActionItem<'_>,
    lacking: &Lacking<'_, '_>,
    sink: &mut Sink,
) {
    let (asked, operation) = (lacking.need.action.name(), lacking.operation.name());
    let message = format!(
        "`{}` makes {operation} pass tags, and AWS then also asks for {asked}{}, which no statement here allows",
        plain(lacking.condition.name),
        lacking
            .need
            .create_action
            .map(|key| format!(" with `{key}` = `{}`", api_name(&lacking.operation)))
            .unwrap_or_default()
    );
    let help = match added(policy, statement, reach, lacking) {
        Some(statement) => format!("unless another policy of the caller allows it, add this statement:\n{statement}"),
        None => format!("unless another policy of the caller allows it, add `{asked}` to the Action of this statement"),
    };
    let page = format!("https://docs.aws.amazon.com/{}", lacking.page);
    sink.add(&code::TAG_ON_CREATE_NOT_ALLOWED, item.span, message).see(page).help(help);
}

/// The statement to add; `None` where the action is asked on the same resource, and belongs beside the other one.
fn added(policy: &Written<'_>, statement: &Statement<'_>, reach: &Reach, lacking: &Lacking<'_, '_>) -> Option<String> {
    let resources = match &lacking.need.on {
        On::Same => return None,
        On::Own => vec!["*".to_owned()],
        On::Types(types) => resources(policy, statement, reach, lacking, types),
    };
    let mut added = json!({"Effect": "Allow", "Action": lacking.need.action.name()});
    added["Resource"] = match resources.as_slice() {
        [one] => one.as_str().into(),
        _ => resources.into(),
    };
    if let Some(key) = lacking.need.create_action {
        added["Condition"] = json!({"StringEquals": {key: api_name(&lacking.operation)}});
    }
    Some(format!("{added:#}"))
}

/// What the call makes, as narrow as the statement has it, where it is about that; of what it does not name, any.
fn resources(
    policy: &Written<'_>,
    statement: &Statement<'_>,
    reach: &Reach,
    lacking: &Lacking<'_, '_>,
    types: &[&str],
) -> Vec<String> {
    let is_made = |of: &ResourceType| types.contains(&of.name());
    let own = lacking.operation.actions().iter().flat_map(|action| reach.met(*action));
    let carrying = own.filter(|row| lacking.condition.key.is_some_and(|key| row.carries(key)));
    let made = carrying.filter(|row| row.resource_type().as_ref().is_some_and(is_made));
    let own: Vec<_> = made.filter_map(|row| split::resources(policy, statement, row)).flatten().collect();
    if !own.is_empty() {
        return own;
    }
    let types = lacking.need.action.service().resource_types().filter(is_made);
    types.flat_map(|of| of.wildcards(split::common_partition(policy))).collect()
}

/// `RunInstances` of `ec2:RunInstances`
fn api_name(operation: &Operation) -> &'static str {
    operation.name().split(':').next_back().unwrap_or_default()
}
