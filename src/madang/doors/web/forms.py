"""How a form looks: every form in the house is written as `{{ form }}` and comes out the same, readable and accessible.

1. Each field has a visible label, says in words whether it is required, and points to its help and its error.
2. After a refusal a summary at the top names each field in error and leads to it; what was typed stays typed.
3. Groups of choices are a fieldset with a legend.
"""

from functools import cached_property
from pathlib import Path
from typing import Any

import django.forms
from django.forms import renderers

TAGS = "madang.doors.web.templatetags"


class Renderer(renderers.DjangoTemplates):
    """Django's own widgets inside the house's field and form templates."""

    form_template_name = "parts/form.html"
    field_template_name = "parts/field.html"

    @cached_property
    def engine(self) -> Any:
        return self.backend(
            {
                "APP_DIRS": True,
                "DIRS": [Path(__file__).parent / "templates", Path(django.forms.__file__).parent / "templates"],
                "NAME": "forms",
                "OPTIONS": {"builtins": ["django.templatetags.i18n", f"{TAGS}.words", f"{TAGS}.components"]},
            }
        )
