"""The blocks of the README that serve the account, pasted as they are."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from account import REPOSITORY


def blocks():
    """The ones for a shell, in the section about the served account."""
    text = (REPOSITORY / "README.md").read_text()
    section = text.split("\n## The account as an endpoint\n")[1].split("\n## ")[0]
    return re.findall(r"```bash\n(.*?)```\n", section, re.DOTALL)


class TheReadmesBlocks(unittest.TestCase):
    def paste(self, block):
        """In an empty folder, where `cargo run` is that of this repository."""
        with tempfile.TemporaryDirectory() as folder:
            cargo = pathlib.Path(folder, "bin", "cargo")
            cargo.parent.mkdir()
            cargo.write_text(f'#!/bin/sh\nshift 2\nexec "{REPOSITORY}/target/debug/tagproof" "$@"\n')
            cargo.chmod(0o755)
            path = f"{cargo.parent}:{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"
            environment = {"PATH": path, "HOME": folder, "AWS_PROFILE": "not-there", "AWS_SESSION_TOKEN": "not-mine"}
            return subprocess.run(
                ["bash"], input=block, env=environment, cwd=folder, capture_output=True, text=True, timeout=120
            )

    def test_a_command_is_served_and_the_denial_is_told(self):
        done = self.paste(blocks()[0])
        self.assertIn("make_bucket: box", done.stdout)
        self.assertIn("is not authorized to perform: s3:ListBucket", done.stderr)
        line = "denied  s3:ListBucket arn:aws:s3:::box  arn:aws:iam::123456789012:user/ann  implicitly: "
        self.assertIn(line, done.stderr)
        self.assertNotEqual(done.returncode, 0)

    def test_a_shell_finds_the_account_in_the_background(self):
        done = self.paste(blocks()[1])
        self.assertIn('"arn:aws:iam::123456789012:root"', done.stdout, done.stderr)
        self.assertEqual(done.returncode, 0)


if __name__ == "__main__":
    unittest.main()
