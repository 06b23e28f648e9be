//! Which findings are wanted.

use source::Finding;

use crate::code;

/// Findings by their codes. What keeps a text from being read is wanted always.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only these; empty: all.
    pub select: Vec<String>,
    /// Not these, selected or not.
    pub ignore: Vec<String>,
}

impl Selection {
    /// Whether a name is the code of findings that can be left out.
    ///
    /// # Errors
    /// It is not: what is, if something near is.
    pub fn code(name: &str) -> Result<String, String> {
        match code::names().any(|one| one == name) {
            true => Ok(name.to_owned()),
            false => Err(unknown(name)),
        }
    }

    /// Whether a finding is wanted.
    #[must_use]
    pub fn keeps(&self, finding: &Finding) -> bool {
        let is_among = |list: &[String]| list.iter().any(|one| one == finding.code);
        let is_wanted = (self.select.is_empty() || is_among(&self.select)) && !is_among(&self.ignore);
        is_wanted || code::names().all(|name| name != finding.code)
    }
}

/// That a name is not a finding's code.
pub(crate) fn unknown(name: &str) -> String {
    let near = source::suggest(name, code::names()).map(|near| format!("; did you mean `{near}`?"));
    format!("no finding has this code{}", near.unwrap_or_else(|| "; docs/lint.md lists them".to_owned()))
}

#[cfg(test)]
mod tests {
    use source::Span;

    use super::*;

    #[test]
    fn ignore_beats_select_and_syntax_stays() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let check = |select: &[&str], ignore: &[&str], code: &'static str, expected| {
            let selection = Selection { select: list(select), ignore: list(ignore) };
            let finding = Finding::error(code, Span::default(), "");
            assert_eq!(selection.keeps(&finding), expected, "{select:?} {ignore:?} {code}");
        };
        check(&[], &[], "INVALID_ACTION", true);
        check(&["INVALID_ACTION"], &[], "INVALID_ACTION", true);
        check(&["INVALID_ACTION"], &[], "MISSING_VERSION", false);
        check(&[], &["MISSING_VERSION"], "MISSING_VERSION", false);
        check(&["MISSING_VERSION"], &["MISSING_VERSION"], "MISSING_VERSION", false);
        check(&["INVALID_ACTION"], &[], "MERGE_KEY", false);
        check(&["INVALID_ACTION"], &[], "SYNTAX", true);
        check(&["INVALID_ACTION"], &[], source::Findings::TOO_MANY, true);
    }

    #[test]
    fn an_unknown_code_is_told_with_a_near_one() {
        let told = |name| Selection::code(name).unwrap_err();
        assert_eq!(told("invalid_action"), "no finding has this code; did you mean `INVALID_ACTION`?");
        assert_eq!(told("MISSING_VERSON"), "no finding has this code; did you mean `MISSING_VERSION`?");
        assert_eq!(told("E3002"), "no finding has this code; docs/lint.md lists them");
        assert_eq!(Selection::code("NOT_INDENTED").as_deref(), Ok("NOT_INDENTED"));
    }
}
