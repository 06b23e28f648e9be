//! The short names of columns.

/// `a`, `b` … `z`, `aa` … for callers.
#[must_use]
pub fn caller_label(at: usize) -> String {
    let letter = char::from(b'a' + (at % 26) as u8);
    match at / 26 {
        0 => letter.to_string(),
        more => format!("{}{letter}", caller_label(more - 1)),
    }
}

/// `1`, `2` … for requests.
#[must_use]
pub fn request_label(at: usize) -> String {
    (at + 1).to_string()
}

/// Which caller a label names: 0 for `a`.
#[must_use]
pub fn caller_at(label: &str) -> Option<usize> {
    let is_label = (1..=3).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_lowercase());
    is_label.then(|| label.bytes().fold(0, |at, byte| at * 26 + usize::from(byte - b'a') + 1) - 1)
}

/// Which request a label names: 0 for `1`.
#[must_use]
pub fn request_at(label: &str) -> Option<usize> {
    label.parse::<usize>().ok()?.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_names_its_column() {
        for at in [0, 1, 25, 26, 27, 51, 52, 701, 702] {
            assert_eq!(caller_at(&caller_label(at)), Some(at), "{}", caller_label(at));
            assert_eq!(request_at(&request_label(at)), Some(at));
        }
        for none in ["", "A", "a1", "abcd", "ä"] {
            assert_eq!(caller_at(none), None, "{none}");
        }
        for none in ["", "0", "-1", "a", "99999999999999999999999"] {
            assert_eq!(request_at(none), None, "{none}");
        }
    }
}
