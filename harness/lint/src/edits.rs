//! Rewrites that are surely right, as findings propose them.

use source::{Edit, Finding, Node, Span, Value};

use crate::written::{Condition, Statement, Text};

/// Another text for a scalar.
pub(crate) fn rewrite(text: &Text<'_>, new: impl Into<String>) -> Option<Edit> {
    Some(Edit::Rewrite { span: text.span, old: text.text.to_owned(), new: new.into() })
}

/// Some members of a list go, each by an edit of its own. `None` for one that cannot go: nothing would be left.
pub(crate) fn removals(list: Option<&Node>, gone: &[Span]) -> impl Fn(Span) -> Option<Edit> + use<> {
    let spans: Vec<_> = list.map(Node::items).unwrap_or_default().iter().map(|item| item.span).collect();
    let gone: Vec<_> = spans.iter().map(|span| gone.contains(span)).collect();
    move |span| {
        let at = spans.iter().position(|one| *one == span)?;
        // Those at the start go with what follows them, all others with what stands before.
        let leads = gone.get(..at)?.iter().all(|gone| *gone);
        let neighbour = if leads { spans.get(at + 1)? } else { spans.get(at - 1)? };
        (!gone.iter().all(|gone| *gone)).then_some(Edit::Remove { span, neighbour: *neighbour })
    }
}

/// An element of a statement goes.
pub(crate) fn without(statement: &Statement<'_>, name: &str) -> Option<Edit> {
    let entries = statement.node.entries();
    let at = entries.iter().position(|entry| entry.key == name)?;
    let whole = |at: usize| entries.get(at).map(|entry| entry.key_span.to(entry.value.span));
    let neighbour = if at == 0 { whole(1)? } else { whole(at - 1)? };
    Some(Edit::Remove { span: whole(at)?, neighbour })
}

/// Another operator for a condition, if its key is the only one under it and the other operator is not there already.
pub(crate) fn operator(statement: &Statement<'_>, condition: &Condition<'_>, new: &str) -> Option<Edit> {
    let entries = statement.condition?.entries();
    let own = entries.iter().find(|entry| entry.key_span == condition.operator_span)?;
    let is_free = entries.iter().all(|entry| !entry.key.eq_ignore_ascii_case(new));
    (is_free && own.value.entries().len() == 1).then(|| Edit::Rewrite {
        span: own.key_span,
        old: own.key.clone(),
        new: new.to_owned(),
    })
}

/// Without the rewrites that would end a policy which is written as text: a function, or statements on lines of their own,
/// in the midst of it.
pub(crate) fn outside_of_texts(root: &Node, mut findings: Vec<Finding>) -> Vec<Finding> {
    for finding in &mut findings {
        let may_end_it = |edit: &Edit| matches!(edit, Edit::Substitute { .. } | Edit::Split { .. });
        finding.edit = finding.edit.take().filter(|edit| !may_end_it(edit) || !is_in_text(root, edit.span()));
    }
    findings
}

/// Whether a place is a part of a scalar.
fn is_in_text(root: &Node, span: Span) -> bool {
    let holds = |node: &&Node| node.span.start <= span.start && span.end <= node.span.end;
    let mut node = root;
    loop {
        let below = match &node.value {
            Value::List(items) => items.iter().find(holds),
            Value::Map(entries) => entries.iter().map(|entry| &entry.value).find(holds),
            _ => return node.span != span,
        };
        let Some(next) = below else { return false };
        node = next;
    }
}
