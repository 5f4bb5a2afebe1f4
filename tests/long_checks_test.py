#!/usr/bin/env python3
"""The log of long checks: rows are whole, failures are written too, and hours, inputs and kills add up."""
import csv
import os
import subprocess
import sys
import tempfile
import unittest

import long_checks


class LongChecksTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = os.path.join(folder.name, "new", "log.csv")

    def rows(self):
        with open(self.log, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def test_a_check_leaves_a_row_with_what_it_counted(self):
        with long_checks.logged(self.log, "soak.py") as check:
            check.inputs, check.kills, check.result = 12, 3, 'all "as they were",\nevery one'
        row = self.rows()[0]
        self.assertEqual(list(row), long_checks.COLUMNS)
        self.assertEqual((row["script"], row["inputs"], row["kills"]), ("soak.py", "12", "3"))
        self.assertEqual(row["result"], 'all "as they were", every one')
        self.assertTrue(row["machine"].endswith("cores") and row["commit"])

    def test_a_check_that_fails_leaves_a_row_too(self):
        with self.assertRaises(SystemExit), long_checks.logged(self.log, "fuzz.py") as check:
            check.inputs = 7
            sys.exit("FAILED: input 7 is not refused")
        row = self.rows()[0]
        self.assertEqual((row["inputs"], row["result"]), ("7", "FAILED: input 7 is not refused"))

    def test_one_that_is_interrupted_says_so(self):
        with self.assertRaises(KeyboardInterrupt), long_checks.logged(self.log, "soak.py"):
            raise KeyboardInterrupt
        self.assertEqual(self.rows()[0]["result"], "FAILED: KeyboardInterrupt")

    def test_sums_are_by_script(self):
        for seconds, kills, result in [(1800, 10, "done"), (5400, 5, "FAILED: lost")]:
            long_checks.append(self.log, "kill_nine.py", "", seconds, long_checks.Check(0, kills, result))
        long_checks.append(self.log, "soak.py", "", 3600, long_checks.Check(100, 0, "done"))
        self.assertEqual(long_checks.sums(self.log), {"kill_nine.py": [2, 2.0, 0, 15, 1], "soak.py": [1, 1.0, 100, 0, 0]})

    def test_rows_of_many_at_once_are_whole(self):
        words = [sys.executable, long_checks.__file__, "add", "a.sh", "--seconds", "1", "--inputs", "2", "--result", "x, y", "--log", self.log]
        writers = [subprocess.Popen(words) for _ in range(8)]
        self.assertEqual([writer.wait() for writer in writers], [0] * 8)
        self.assertEqual(len(self.rows()), 8)
        self.assertEqual(long_checks.sums(self.log)["a.sh"][2], 16)


if __name__ == "__main__":
    unittest.main()
