"""Tests of the library of ready segments."""
