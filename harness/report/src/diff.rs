//! What has changed in a text.

use similar::TextDiff;

/// A unified diff of a file, with three lines around each change.
#[must_use]
pub fn diff(name: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    diff.unified_diff().context_radius(3).header(&format!("a/{name}"), &format!("b/{name}")).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_change_stand_below_each_other() {
        let expected = "--- a/p.yaml\n+++ b/p.yaml\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n";
        assert_eq!(diff("p.yaml", "a\nb\nc\n", "a\nx\nc\n"), expected);
        assert_eq!(diff("p.yaml", "a\n", "a\n"), "");
    }
}
