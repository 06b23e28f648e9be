//! What the README of a scenario tells before one guesses, and where it says what to write.

/// The story: what stands before the second heading, and the prose of `## Guess first` up to its table.
#[must_use]
pub fn story(readme: &str) -> String {
    let body = readme.lines().skip_while(|line| !line.starts_with("# ")).skip(1);
    let (mut lines, mut is_told) = (Vec::new(), true);
    for line in body {
        if line.starts_with("## ") {
            is_told = line == "## Guess first";
            continue;
        }
        is_told &= !["|", "```", "<!--"].iter().any(|start| line.starts_with(start));
        if is_told {
            lines.push(line.strip_prefix("> ").unwrap_or(line).trim_start_matches('>'));
        }
    }
    paragraphs(&lines).join("\n\n")
}

/// Lines that follow each other as one, so that they can be broken anew.
fn paragraphs(lines: &[&str]) -> Vec<String> {
    let all = lines.split(|line| line.trim().is_empty()).filter(|lines| !lines.is_empty());
    all.map(|lines| lines.join(" ")).collect()
}

/// The heading of the section that says what to write instead.
#[must_use]
pub fn instead(readme: &str) -> Option<&str> {
    let mut headings = readme.lines().filter_map(|line| line.strip_prefix("## "));
    headings.find(|heading| heading.starts_with("What to ") && heading.ends_with(" instead"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const README: &str = "# Title\n\n> I tried\n> this.\n\n([issue](https://example.com))\n\n## Guess first\n\n\
                          Who gets in?\n\n| Option |\n|---|\n| a |\n\nMore.\n\n## Why\n\nBecause.\n\n\
                          ## What to write instead\n\nThat.\n";

    #[test]
    fn the_story_ends_where_the_answers_begin() {
        assert_eq!(story(README), "I tried this.\n\n([issue](https://example.com))\n\nWho gets in?");
        assert_eq!(instead(README), Some("What to write instead"));
        assert_eq!((story("no heading"), instead("# a\n")), (String::new(), None));
    }
}
