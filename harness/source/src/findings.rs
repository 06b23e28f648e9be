//! Findings under way.

use crate::{Finding, Severity, Span};

/// Findings about one text: the first so many, and of the rest what is worse than all before. Nobody reads more, and a
/// text of megabytes can be wrong in a million places.
#[derive(Debug, Default)]
pub struct Findings {
    all: Vec<Finding>,
    /// The place of the first that was left out.
    left_out: Option<Span>,
}

impl Findings {
    /// So many are kept. Of AWS's own policies the longest has some 240.
    pub const MOST: usize = 1000;
    /// After so many, looking for near names would take long.
    const MOST_WITH_NEAR_NAMES: usize = 100;
    /// What says in the end that some were left out.
    pub const TOO_MANY: &str = "TOO_MANY_FINDINGS";

    /// Adds one, and gives it back for more to be said about it, unless it was left out.
    pub fn push(&mut self, finding: Finding) -> Option<&mut Finding> {
        let is_worse = || self.all.iter().all(|before| finding.severity < before.severity);
        if finding.code == Self::TOO_MANY || (self.all.len() >= Self::MOST && !is_worse()) {
            self.left_out.get_or_insert(finding.span);
            return None;
        }
        self.all.push(finding);
        self.all.last_mut()
    }

    /// Whether there are so many that no more near names should be looked for.
    #[must_use]
    pub fn are_many(&self) -> bool {
        self.all.len() >= Self::MOST_WITH_NEAR_NAMES
    }

    /// Whether one of them stops a run.
    #[must_use]
    pub fn has_error(&self) -> bool {
        self.all.iter().any(Finding::is_error)
    }

    /// All of them, and last, if some were left out, one that says so.
    #[must_use]
    pub fn into_vec(mut self) -> Vec<Finding> {
        if let Some(span) = self.left_out {
            let message = format!("there is more to say than these {}", self.all.len());
            let finding = Finding::new(Severity::Suggestion, Self::TOO_MANY, span, message);
            self.all.push(finding.help("see to these first"));
        }
        self.all
    }
}

impl Extend<Finding> for Findings {
    fn extend<T: IntoIterator<Item = Finding>>(&mut self, findings: T) {
        for finding in findings {
            self.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FileId;

    #[test]
    fn so_many_are_kept_and_whatever_is_worse() {
        let at = |start| Span::new(FileId(0), start, start + 1);
        let warning = |start| Finding::new(Severity::Warning, "W", at(start), "w");
        let mut findings = Findings::default();
        findings.extend((0..3000).map(warning));
        assert!(findings.are_many() && !findings.has_error());
        assert!(findings.push(Finding::error("E", at(3000), "e")).is_some());
        assert!(findings.push(Finding::error("E", at(3001), "e")).is_none());
        // Those of another collection, with what that says in the end.
        let mut all = Findings::default();
        all.extend(findings.into_vec());
        let all = all.into_vec();
        assert_eq!(all.len(), Findings::MOST + 2);
        assert_eq!((all[1000].code, all[1000].span), ("E", at(3000)));
        assert_eq!((all[1001].code, all[1001].span), (Findings::TOO_MANY, at(1000)));
        assert_eq!(all[1001].message, "there is more to say than these 1001");
    }
}
