#!/usr/bin/env python
"""Django's own door, for operators; everyone else uses `madang`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madang.settings")
    execute_from_command_line(sys.argv)
