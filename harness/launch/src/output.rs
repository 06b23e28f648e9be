//! What a container prints, within bounds.

use std::collections::VecDeque;

/// How much is kept of the beginning, and of the end.
const HEAD: usize = 192 * 1024;
const TAIL: usize = 64 * 1024;

/// The beginning and the end of what was printed.
#[derive(Debug, Default)]
pub(crate) struct Output {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    left_out: u64,
}

impl Output {
    /// Keeps what there is room for.
    pub(crate) fn keep(&mut self, bytes: &[u8]) {
        let (first, rest) = bytes.split_at(bytes.len().min(HEAD - self.head.len()));
        self.head.extend_from_slice(first);
        self.tail.extend(rest);
        let over = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..over);
        self.left_out += over as u64;
    }

    /// The text, with a line that says what is missing.
    pub(crate) fn text(&self) -> String {
        let tail: Vec<u8> = self.tail.iter().copied().collect();
        let (head, tail) = (String::from_utf8_lossy(&self.head), String::from_utf8_lossy(&tail));
        match self.left_out {
            0 => format!("{head}{tail}"),
            bytes => format!("{head}\n[tagproof: {bytes} bytes of output are left out here]\n{tail}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_cut_in_the_middle_and_says_so() {
        let mut output = Output::default();
        output.keep(b"first\n");
        for _ in 0..100 {
            output.keep(&[b'x'; 10_000]);
        }
        output.keep(b"\nlast");
        let text = output.text();
        assert!(text.starts_with("first\nxxx") && text.ends_with("x\nlast"));
        let printed = 6 + 1_000_000 + 5;
        assert!(text.contains(&format!("\n[tagproof: {} bytes of output are left out here]\n", printed - HEAD - TAIL)));
        assert!(text.len() < HEAD + TAIL + 100);
    }

    #[test]
    fn what_fits_is_kept_whole() {
        let mut output = Output::default();
        output.keep(&[b'a'; HEAD]);
        output.keep(&[b'b'; TAIL]);
        assert_eq!(output.text(), format!("{}{}", "a".repeat(HEAD), "b".repeat(TAIL)));
    }
}
