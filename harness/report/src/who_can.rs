//! Who can do something, for people.

use access::{Access, Answer, Condition, Denial, Way};

#[cfg(test)]
mod tests;

/// What comes of an answer: `Always`, or what has to hold, with the statements behind it; those who cannot are counted only.
/// Lines begin with a label of ten columns. With `requests` each way has its request, as a line for `simulate --batch`.
#[must_use]
pub fn who_can(answers: &[Answer], requests: bool) -> String {
    let mut text = String::new();
    for answer in answers {
        let lines = match &answer.access {
            Access::Never => continue,
            Access::Undecided { reason } => vec![format!("Undecided {reason}")],
            Access::Can { ways, more } => {
                let mut lines: Vec<String> = ways.iter().flat_map(|way| self::way(way, requests)).collect();
                if *more {
                    lines.push("Perhaps   in other ways too: not all of them were settled".to_owned());
                }
                if answer.who.is_elsewhere() {
                    lines.push("As far as their own policies allow it, which are not known here".to_owned());
                }
                lines
            }
        };
        paragraph(&mut text, &answer.who.to_string(), lines);
    }
    for answer in answers.iter().filter(|answer| !answer.with_tags.is_empty()) {
        let lines = answer.with_tags.iter().flat_map(|way| self::way(way, requests)).collect();
        paragraph(&mut text, &format!("Not now, but with other tags: {}", answer.who), lines);
    }
    text.push_str(&total(answers));
    text.push('\n');
    text
}

fn paragraph(text: &mut String, head: &str, lines: Vec<String>) {
    text.push_str(&source::escaped(head));
    text.push('\n');
    for line in lines {
        text.push_str(&source::escaped(&line));
        text.push('\n');
    }
    text.push('\n');
}

fn way(way: &Way, requests: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if way.is_always() {
        lines.push("Always".to_owned());
    }
    if !way.when.is_empty() {
        lines.push(format!("If        {}", all(&way.when)));
    }
    lines.extend(way.on.iter().map(|on| format!("On        {on}")));
    lines.extend(way.unless.iter().map(denial));
    if let Some(tags) = &way.session_tags {
        let pairs: Vec<_> = tags.tags.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        let by: Vec<_> = tags.by.iter().map(ToString::to_string).collect();
        lines.push(format!("Tags      {}, given to the session by {}", pairs.join(", "), by.join(", ")));
    }
    let by: Vec<_> = way.by.iter().map(ToString::to_string).collect();
    if !by.is_empty() {
        lines.push(format!("By        {}", by.join("; ")));
    }
    if requests {
        lines.push(format!("Request   {}", prove::line(&way.request)));
    }
    lines
}

fn denial(denial: &Denial) -> String {
    let on = denial.on.as_ref().map(ToString::to_string);
    let when = (!denial.when.is_empty()).then(|| all(&denial.when));
    let what: Vec<_> = when.into_iter().chain(on).collect();
    format!("Unless    {} (denied by {})", what.join(" and "), denial.by)
}

fn all(conditions: &[Condition]) -> String {
    conditions.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
}

/// `3 can, 1 of them only if more holds; 1 could with other tags; 7 cannot`
fn total(answers: &[Answer]) -> String {
    let count = |is: &dyn Fn(&Answer) -> bool| answers.iter().filter(|answer| is(answer)).count();
    let can = count(&|one| one.access.is_can());
    let sometimes = count(&|one| one.access.is_can() && !one.access.is_always());
    let cannot = count(&|one| matches!(one.access, Access::Never));
    let with_tags = count(&|one| matches!(one.access, Access::Never) && !one.with_tags.is_empty());
    let undecided = count(&|one| matches!(one.access, Access::Undecided { .. }));
    let mut parts = vec![format!("{can} can, {sometimes} of them only under conditions; {cannot} cannot")];
    if with_tags > 0 {
        parts.push(format!("{with_tags} of these could with other tags"));
    }
    if undecided > 0 {
        parts.push(format!("{undecided} undecided"));
    }
    parts.join("; ")
}
