"""Clients of a running server: `segraph import` sends it files, `segraph export` writes one."""
