"""Tests of the register's keeping: both databases, history, damage."""
