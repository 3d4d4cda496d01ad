"""Migration: programs of earlier versions of the language, rewritten for the present one."""
