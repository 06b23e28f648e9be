//! Actions and services that AWS does not have.

use policy::plain;

use crate::code;
use crate::edits;
use crate::sink::Sink;
use crate::written::{ActionItem, Statement, Text};

pub(super) fn check(statement: &Statement<'_>, sink: &mut Sink) {
    statement.actions.iter().for_each(|item| check_item(statement, item, sink));
}

fn check_item(statement: &Statement<'_>, item: &ActionItem<'_>, sink: &mut Sink) {
    let whole = item.text;
    // In `*Execution` the wildcard stands for a service and the colon. Reading reports what names no service at all.
    let is_open = !whole.contains(':') && whole.contains(['*', '?']) && !whole.bytes().all(|byte| byte == b'*');
    let prefix = if is_open { Some(whole) } else { whole.split_once(':').map(|(prefix, _)| prefix) };
    let Some(prefix) = prefix.filter(|prefix| !prefix.is_empty()) else { return };
    if prefix.contains(['*', '?']) && prefix != "*" {
        let message = format!("`{}` has a wildcard in the name of the service", plain(item.text));
        sink.add(&code::WILDCARD_IN_SERVICE_NAME, item.span, message).help("name the services");
    }
    if !item.is_known || !item.actions.is_empty() || item.text.contains("${") {
        return;
    }
    let is_known = prefix.contains(['*', '?']) || catalog::service(prefix).is_some();
    if !is_known {
        let message = format!("AWS's service authorisation reference has no service `{}`", plain(prefix));
        let near = near(sink, prefix, || catalog::services().map(catalog::Service::prefix).collect());
        sink.add(&code::INVALID_SERVICE_IN_ACTION, item.span, message).help(near);
    } else if item.text.contains(['*', '?']) {
        let message = format!("`{}` matches no action", plain(item.text));
        sink.add(&code::INVALID_ACTION, item.span, message).help("correct the pattern, or leave it out");
    } else if let Some(operation) = catalog::operation(item.text).filter(|operation| !operation.actions().is_empty()) {
        let names: Vec<_> = operation.actions().iter().map(|action| action.name()).collect();
        let actions = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
        let message = format!("`{}` is an operation: it is authorised as {actions}", plain(item.text));
        let only = if let [only] = names.as_slice() { Some(*only) } else { None };
        let text = Text { text: item.text, span: item.span };
        // Beside that action the operation is one too many.
        let is_there = |name: &&str| statement.actions.iter().any(|other| other.text.eq_ignore_ascii_case(name));
        let edit = match only {
            Some(only) if !is_there(&only) => edits::rewrite(&text, only),
            Some(_) => {
                let list = statement.list("Action", "NotAction");
                edits::removals(list, &[item.span])(item.span)
            }
            None => None,
        };
        sink.add(&code::INVALID_ACTION, item.span, message).help(format!("write {actions}")).edit(edit);
    } else {
        let message = format!("AWS's service authorisation reference has no action `{}`", plain(item.text));
        let help = near(sink, item.text, || catalog::actions_of(prefix).map(catalog::Action::name).collect());
        sink.add(&code::INVALID_ACTION, item.span, message).help(help);
    }
}

/// "did you mean …?", if something is near.
fn near(sink: &Sink, written: &str, known: impl FnOnce() -> Vec<&'static str>) -> String {
    let near = (!sink.is_full()).then(|| source::suggest(written, known())).flatten();
    near.map(|name| format!("did you mean `{name}`?")).unwrap_or_default()
}
