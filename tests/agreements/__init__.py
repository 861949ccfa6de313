"""Tests of the register of commitments: reading, matching, lists."""
