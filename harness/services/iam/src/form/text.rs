//! The patterns of the service's model.

/// `[\w+=,.@-]`
pub(crate) fn in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)
}

/// `(\u002F)|(\u002F[\u0021-\u007E]+\u002F)`
pub(crate) fn is_path(text: &str) -> bool {
    text == "/" || text.len() > 2 && is_path_prefix(text) && text.ends_with('/')
}

/// `\u002F[\u0021-\u007F]*`
pub(crate) fn is_path_prefix(text: &str) -> bool {
    text.starts_with('/') && text.chars().all(|c| ('\u{21}'..='\u{7f}').contains(&c))
}

/// `((/[A-Za-z0-9\.,\+@=_-]+)*)/`
pub(crate) fn is_policy_path(text: &str) -> bool {
    let inner = text.strip_prefix('/').and_then(|rest| if rest.is_empty() { Some("") } else { rest.strip_suffix('/') });
    inner.is_some_and(|inner| inner.is_empty() && text == "/" || inner.split('/').all(is_policy_path_part))
}

fn is_policy_path_part(part: &str) -> bool {
    !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || ".,+@=_-".contains(c))
}

/// `[\u0009\u000A\u000D\u0020-\u00FF]+`
pub(crate) fn is_latin(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{ff}'))
}

/// `RoleName` as validation errors spell it: `roleName`.
pub(crate) fn lower_first(member: &str) -> String {
    let mut rest = member.chars();
    rest.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(rest).collect()
}
